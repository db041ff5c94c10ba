namespace ContainerTools;

/// <summary>What the host is to a bridge network when packets come from or go to elsewhere.</summary>
public enum GatewayMode
{
    /// <summary>Containers go out under the host's address; in, only published ports lead, by the host's addresses.</summary>
    Nat,

    /// <summary>As <see cref="Nat"/>; besides, every port can be reached at the container's own address by whoever has a route.</summary>
    NatUnprotected,

    /// <summary>No address translation: others need a route to the subnet. Published ports are open at the container's own address.</summary>
    Routed,

    /// <summary>The host has no address on the bridge, and nothing is routed.</summary>
    Isolated,
}
