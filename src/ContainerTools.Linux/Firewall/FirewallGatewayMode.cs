namespace ContainerTools.Linux.Firewall;

/// <summary>What the host is to a network when packets come from elsewhere or go there.</summary>
public enum FirewallGatewayMode
{
    /// <summary>Containers go out under the host's address; in, only published ports lead, by the host's addresses.</summary>
    Nat,

    /// <summary>As <see cref="Nat"/>; besides, every port can be reached at the container's own address by whoever outside has a route. Containers of other networks cannot.</summary>
    NatUnprotected,

    /// <summary>
    /// No address translation: others need a route to the subnet. Published ports are open at the container's own address, to other networks too, and containers answer
    /// pings; the host's address and port count for nothing.
    /// </summary>
    Routed,

    /// <summary>As an internal network; besides, the host takes nothing from it. The host should have no address there.</summary>
    Isolated,
}
