namespace ContainerTools.Oci;

/// <summary>JSON's <c>{}</c>, which OCI uses as the value of set members.</summary>
public sealed record EmptyObject
{
    /// <summary>The one value worth writing.</summary>
    public static EmptyObject Value { get; } = new();
}
