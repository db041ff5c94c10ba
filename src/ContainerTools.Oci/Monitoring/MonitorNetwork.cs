using System.Text.Json;
using ContainerTools.Oci.Json;

namespace ContainerTools.Oci.Monitoring;

/// <summary>
/// What a monitor does for its container's networks: the file <c>network.json</c>, named by <see cref="MonitorSpec.NetworkPath"/>. It is read before the start, again
/// whenever the monitor gets SIGHUP, and the newest that could be carried out is what the end takes away. So it is replaced by renaming, never written in place. When
/// the monitor has read it again, it writes a <see cref="MonitorEvent"/> beside it: <c>applied</c>, or <c>error</c>, after which all is as before. When
/// everything has been taken away at the end, the monitor removes the file, before it records the end.
/// </summary>
public sealed record MonitorNetwork
{
    /// <summary>What follows the file's name in that of the monitor's reply.</summary>
    public const string ReplySuffix = ".reply";

    /// <summary>Path of the pin of the container's network namespace, taken away at the end; null when the namespace is not the container's own.</summary>
    public string? Namespace { get; init; }

    /// <summary>Path of the host's network namespace, in which the monitor is, for whoever cleans up after a monitor that was killed; null for that of the engine's process.</summary>
    public string? HostNamespace { get; init; }

    /// <summary>How the container's names are answered; null when no resolver is to run. It needs <see cref="Namespace"/>.</summary>
    public MonitorNames? Names { get; init; }

    /// <summary>Files that tell others of the container's names, removed at the end.</summary>
    public IReadOnlyList<string> NameFiles { get; init; } = [];

    /// <summary>The nfnetlink batch that takes the container's ports out of the host's firewall, sent at the end in the monitor's own network namespace; null for none.</summary>
    public ReadOnlyMemory<byte>? FirewallRemoval { get; init; }

    /// <summary>Ports of the host that are held for as long as the container runs: bound, so that nobody else takes them, and not listened on.</summary>
    public IReadOnlyList<HeldPort> Ports { get; init; } = [];

    /// <summary>What the monitor forwards itself, because the kernel does not route it.</summary>
    public IReadOnlyList<ForwardedPort> Forwards { get; init; } = [];

    /// <summary>Reads it from UTF-8 JSON.</summary>
    /// <exception cref="JsonException">It is no description of a monitor's networks.</exception>
    public static MonitorNetwork Parse(ReadOnlySpan<byte> json) =>
        JsonMembers.TryRead(json, MonitoringReading.Network)
        ?? JsonSerializer.Deserialize(json, MonitoringJson.Default.MonitorNetwork)
        ?? throw new JsonException("The document is null.");

    /// <summary>Writes it as UTF-8 JSON.</summary>
    public byte[] ToJson() => NetworkWriting.Network(this);
}
