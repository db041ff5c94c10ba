using System.Net;

namespace ContainerTools.Linux.Firewall;

/// <summary>A network of containers on a bridge, as the firewall sees it. Its host must forward packets (<c>ip_forward</c>, <c>forwarding</c> of IPv6).</summary>
/// <remarks>
/// Ports published on 127.0.0.1 need <c>route_localnet</c> of the bridge. IPv6 needs <c>accept_dad</c> of the bridge off before it goes up: while its link-local
/// address is tentative (some two seconds), the host asks for no neighbour on behalf of packets from an address of another link, and they are lost. Where br_netfilter is loaded and on, ports of the bridge need hairpin mode
/// (IFLA_BRPORT_MODE): a container that speaks to its own published port is then turned round by the bridge, before anything is forwarded.
/// </remarks>
public sealed record FirewallNetwork
{
    /// <summary>Name of the bridge.</summary>
    public required string Bridge { get; init; }

    /// <summary>Name of the VRF that the bridge is a member of, which the kernel gives as the origin of what it routes from there; null without one.</summary>
    public string? Vrf { get; init; }

    /// <summary>Its subnets, of both families. Containers send with addresses of these only.</summary>
    public required IReadOnlyList<IPNetwork> Subnets { get; init; }

    /// <summary>Whether its containers reach only one another and the host.</summary>
    public bool Internal { get; init; }

    /// <summary>What the host is to it.</summary>
    public FirewallGatewayMode GatewayMode { get; init; }

    /// <summary>
    /// Whether its containers reach one another. When they must not, the ports of the bridge must be isolated as well (IFLA_BRPORT_ISOLATED): what a bridge
    /// switches never comes to the rules, which only stop the way round through the host. Ports that its containers publish stay open to them by the host's
    /// addresses, except where br_netfilter is on: there the bridge turns those packets round itself, and its isolation holds.
    /// </summary>
    public bool ContainersReachOneAnother { get; init; } = true;

    /// <summary>
    /// Whether its containers talk to one another by the host, so that policies see it: ports of the bridge isolated (IFLA_BRPORT_ISOLATED), and in each container a route
    /// to the subnets by the gateway, instead of the kernel's own to the link.
    /// </summary>
    public bool ContainersTalkByHost { get; init; }

    /// <summary>Ports of the host that lead to its containers.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];
}
