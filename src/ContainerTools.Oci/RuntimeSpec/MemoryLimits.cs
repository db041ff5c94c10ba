using System.Text.Json.Serialization;

namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>Memory limits in bytes; -1 means none.</summary>
public sealed record MemoryLimits
{
    /// <summary>Memory.</summary>
    public long? Limit { get; init; }

    /// <summary>Soft limit.</summary>
    public long? Reservation { get; init; }

    /// <summary>Memory and swap together.</summary>
    public long? Swap { get; init; }

    /// <summary>Swappiness, 0 to 100 (cgroup v1).</summary>
    public ulong? Swappiness { get; init; }

    /// <summary>Pause instead of killing when out of memory (cgroup v1).</summary>
    [JsonPropertyName("disableOOMKiller")]
    public bool? DisableOomKiller { get; init; }

    /// <summary>Kernel memory; deprecated by the kernel and not supported.</summary>
    public long? Kernel { get; init; }
}
