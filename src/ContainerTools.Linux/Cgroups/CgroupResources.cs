namespace ContainerTools.Linux.Cgroups;

/// <summary>Limits of a cgroup in the terms of the OCI runtime specification; null leaves the kernel's default.</summary>
public sealed record CgroupResources
{
    /// <summary>Bytes of memory; -1 for no limit.</summary>
    public long? Memory { get; init; }

    /// <summary>Bytes of memory and swap together; -1 for no limit.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>Bytes of memory that reclaim spares.</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>Relative processor share, 2 to 262144 (v1 scale; 1024 is the default).</summary>
    public ulong? CpuShares { get; init; }

    /// <summary>Relative processor share, 1 to 10000 (v2 scale; 100 is the default). Wins over <see cref="CpuShares"/>.</summary>
    public ulong? CpuWeight { get; init; }

    /// <summary>Microseconds of processor time per period; -1 for no limit.</summary>
    public long? CpuQuota { get; init; }

    /// <summary>Period of the quota in microseconds.</summary>
    public ulong? CpuPeriod { get; init; }

    /// <summary>Processors, as a list such as <c>0-2,7</c>.</summary>
    public string? CpusetCpus { get; init; }

    /// <summary>Memory nodes, as a list.</summary>
    public string? CpusetMems { get; init; }

    /// <summary>Number of processes and threads; -1 for no limit.</summary>
    public long? Pids { get; init; }

    /// <summary>Device rules in order; empty leaves access to devices alone.</summary>
    public IReadOnlyList<DeviceRule> Devices { get; init; } = [];
}
