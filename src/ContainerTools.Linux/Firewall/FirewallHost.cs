using System.Net;

namespace ContainerTools.Linux.Firewall;

/// <summary>What the firewall of a host is about, all of it or, to change something, a part.</summary>
public sealed record FirewallHost
{
    /// <summary>Networks with the ports that their containers publish.</summary>
    public IReadOnlyList<FirewallNetwork> Networks { get; init; } = [];

    /// <summary>Policies between containers. Of a part of a host, those whose addresses change; where a policy comes, goes or gets other rules, all policies with all their addresses.</summary>
    public IReadOnlyList<FirewallPolicy> Policies { get; init; } = [];

    /// <summary>Addresses of containers to which containers connect only as policies allow.</summary>
    public IReadOnlyList<IPAddress> DeniedInbound { get; init; } = [];

    /// <summary>Addresses of containers from which connections to containers are made only as policies allow.</summary>
    public IReadOnlyList<IPAddress> DeniedOutbound { get; init; } = [];

    /// <summary>
    /// Drop IPv4 packets that neither come from nor go to a bridge of containers. For a host that forwards only because somebody turned it on for containers
    /// (<c>ip_forward</c>): it shall not become a router between its other networks. Links of the group <see cref="FirewallTable.LinkGroup"/> are excepted.
    /// </summary>
    public bool ForwardsIPv4ForContainersOnly { get; init; }

    /// <summary>The same for IPv6 (<c>net.ipv6.conf.all.forwarding</c>).</summary>
    public bool ForwardsIPv6ForContainersOnly { get; init; }
}
