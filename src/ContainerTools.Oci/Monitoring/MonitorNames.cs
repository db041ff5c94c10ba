namespace ContainerTools.Oci.Monitoring;

/// <summary>What the resolver of a container, at 127.0.0.11 in its network namespace, answers from.</summary>
public sealed record MonitorNames
{
    /// <summary>The container's networks in the order in which they are asked: the first that knows a name answers.</summary>
    public IReadOnlyList<NamedNetwork> Networks { get; init; } = [];

    /// <summary>IP addresses of the servers, in order, that are asked for names no network knows; empty for those of <see cref="ResolvConf"/>.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>A file in the form of resolv.conf(5) whose name servers are asked when <see cref="Servers"/> is empty, read again when it changes; null for none.</summary>
    public string? ResolvConf { get; init; }
}
