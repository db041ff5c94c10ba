using System.Text.Json.Serialization;

namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>Limits of a container.</summary>
public sealed record LinuxResources
{
    /// <summary>Device access rules, in order.</summary>
    public IReadOnlyList<DeviceRule> Devices { get; init => field = value ?? []; } = [];

    /// <summary>Memory.</summary>
    public MemoryLimits? Memory { get; init; }

    /// <summary>Processor time.</summary>
    public CpuLimits? Cpu { get; init; }

    /// <summary>Number of tasks.</summary>
    public PidsLimits? Pids { get; init; }

    /// <summary>Block devices.</summary>
    [JsonPropertyName("blockIO")]
    public BlockIoLimits? BlockIo { get; init; }

    /// <summary>cgroup v2 files and what to write to them.</summary>
    public IReadOnlyDictionary<string, string> Unified { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();
}
