namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>Size of a terminal.</summary>
public sealed record ConsoleSize
{
    /// <summary>Rows.</summary>
    public ushort Height { get; init; }

    /// <summary>Columns.</summary>
    public ushort Width { get; init; }
}
