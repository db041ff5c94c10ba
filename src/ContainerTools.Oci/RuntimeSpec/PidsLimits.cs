namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>Limit on tasks.</summary>
public sealed record PidsLimits
{
    /// <summary>Number of tasks; 0 or less means no limit.</summary>
    public long? Limit { get; init; }
}
