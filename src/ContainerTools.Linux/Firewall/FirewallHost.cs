namespace ContainerTools.Linux.Firewall;

/// <summary>What the firewall of a host is about, all of it or, to change something, a part.</summary>
public sealed record FirewallHost
{
    /// <summary>Networks with the ports that their containers publish.</summary>
    public IReadOnlyList<FirewallNetwork> Networks { get; init; } = [];
}
