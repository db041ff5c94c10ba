using System.Text.Json;
using ContainerTools.Oci.Json;

namespace ContainerTools.Oci.Monitoring;

/// <summary>
/// What the engine asks of a container's monitor, beside the OCI <c>config.json</c>: the file <c>monitor.json</c> of the bundle.
/// The monitor is started with descriptor 0 = the container's standard input, 1 and 2 = where attached output goes, 3 = the status pipe, on which
/// it writes one <see cref="MonitorEvent"/> in JSON a line.
/// </summary>
public sealed record MonitorSpec
{
    /// <summary>Container id.</summary>
    public required string Id { get; init; }

    /// <summary>Directory of runtime state (the <c>--root</c> of ctrun); the container's state lies in <c>ID/state.json</c> below it.</summary>
    public required string StateRoot { get; init; }

    /// <summary>The overlay to mount before and unmount after the run; null when the root directory is ready as it is.</summary>
    public OverlaySpec? Overlay { get; init; }

    /// <summary>Log to write; null for none.</summary>
    public LogSpec? Log { get; init; }

    /// <summary>Copy standard output to descriptor 1.</summary>
    public bool AttachStdout { get; init; }

    /// <summary>Copy standard error to descriptor 2.</summary>
    public bool AttachStderr { get; init; }

    /// <summary>Connect descriptor 0 to the container's standard input; otherwise it reads nothing.</summary>
    public bool AttachStdin { get; init; }

    /// <summary>File that gets the <see cref="ExitRecord"/>, written to a temporary name beside it, synced and renamed.</summary>
    public required string ExitPath { get; init; }

    /// <summary>Path of the <see cref="MonitorNetwork"/>; null when there is nothing to do for networks.</summary>
    public string? NetworkPath { get; init; }

    /// <summary>Reads it from UTF-8 JSON.</summary>
    /// <exception cref="JsonException">It is not a monitor's specification.</exception>
    public static MonitorSpec Parse(ReadOnlySpan<byte> json) =>
        JsonMembers.TryRead(json, MonitoringReading.Spec)
        ?? JsonSerializer.Deserialize(json, MonitoringJson.Default.MonitorSpec)
        ?? throw new JsonException("The document is null.");
}
