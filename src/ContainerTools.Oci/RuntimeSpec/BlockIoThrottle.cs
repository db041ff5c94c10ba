namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>A rate limit of one block device.</summary>
public sealed record BlockIoThrottle
{
    /// <summary>Major number.</summary>
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    public long Minor { get; init; }

    /// <summary>Rate a second.</summary>
    public ulong Rate { get; init; }
}
