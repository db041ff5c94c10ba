namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>Processor limits.</summary>
public sealed record CpuLimits
{
    /// <summary>Weight on the scale of cgroup v1 (2 to 262144).</summary>
    public ulong? Shares { get; init; }

    /// <summary>Microseconds a period; -1 means no limit.</summary>
    public long? Quota { get; init; }

    /// <summary>Microseconds.</summary>
    public ulong? Period { get; init; }

    /// <summary>Processors it may use, such as <c>0-2,7</c>.</summary>
    public string? Cpus { get; init; }

    /// <summary>Memory nodes it may use.</summary>
    public string? Mems { get; init; }

    /// <summary>1 makes its tasks idle-class (cgroup v2).</summary>
    public long? Idle { get; init; }
}
