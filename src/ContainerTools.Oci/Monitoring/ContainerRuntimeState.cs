using System.Text.Json;
using ContainerTools.Oci.Json;

namespace ContainerTools.Oci.Monitoring;

/// <summary>What <c>ctrun</c> writes to <c>STATE-ROOT/ID/state.json</c>: enough to find a container's process and to doubt it (pids are reused; start times are not).</summary>
public sealed record ContainerRuntimeState
{
    /// <summary>Container id.</summary>
    public required string Id { get; init; }

    /// <summary>Absolute bundle directory.</summary>
    public required string Bundle { get; init; }

    /// <summary>Process id of the first process on the host.</summary>
    public int Pid { get; init; }

    /// <summary>Its start time in clock ticks since boot (proc_pid_stat(5), field 22).</summary>
    public ulong StartTime { get; init; }

    /// <summary>Process id of the monitor; 0 when there is none.</summary>
    public int MonitorPid { get; init; }

    /// <summary>Start time of the monitor.</summary>
    public ulong MonitorStartTime { get; init; }

    /// <summary>When the container was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When its program was executed; null while it waits in <c>created</c>.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Cgroup directories it lives in, absolute, one per hierarchy.</summary>
    public IReadOnlyList<string> Cgroups { get; init; } = [];

    /// <summary>Annotations of its config.json.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Reads it from UTF-8 JSON.</summary>
    /// <exception cref="JsonException">It is not a container's state.</exception>
    public static ContainerRuntimeState Parse(ReadOnlySpan<byte> json) =>
        JsonMembers.TryRead(json, MonitoringReading.State)
        ?? JsonSerializer.Deserialize(json, MonitoringJson.Default.ContainerRuntimeState)
        ?? throw new JsonException("The document is null.");

    /// <summary>Writes it as UTF-8 JSON.</summary>
    public byte[] ToJson() => MonitoringWriting.State(this);
}
