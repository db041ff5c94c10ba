namespace ContainerTools;

/// <summary>Everything a network is made from. What is left out, the engine chooses.</summary>
public sealed record NetworkSpec
{
    /// <summary>Unique name: <c>[a-zA-Z0-9][a-zA-Z0-9_.-]*</c>, and neither <c>none</c> nor <c>host</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How containers are connected.</summary>
    public NetworkDriver Driver { get; init; }

    /// <summary>Subnets of both families, as <c>10.89.4.0/24</c>; none means one of the address pools.</summary>
    public IReadOnlyList<string> Subnet { get; init => field = value.ToArray(); } = [];

    /// <summary>Gateways, each in one of the subnets; the first address of a subnet is its gateway otherwise.</summary>
    public IReadOnlyList<string> Gateway { get; init => field = value.ToArray(); } = [];

    /// <summary>Parts of subnets that addresses are taken from, at most one a subnet.</summary>
    public IReadOnlyList<string> IPRange { get; init => field = value.ToArray(); } = [];

    /// <summary>Addresses that are never given to a container.</summary>
    public IReadOnlyList<string> ReservedAddress { get; init => field = value.ToArray(); } = [];

    /// <summary>An IPv6 subnet besides; null: if the host has IPv6.</summary>
    public bool? IPv6 { get; init; }

    /// <summary>Containers reach one another and the host, nothing else.</summary>
    public bool Internal { get; init; }

    /// <summary>Whether containers of the network reach one another.</summary>
    public bool Icc { get; init; } = true;

    /// <summary>What the host is to packets from and to elsewhere (bridge).</summary>
    public GatewayMode GatewayMode { get; init; }

    /// <summary>Largest packet in bytes; null takes the kernel's default, 1500.</summary>
    public int? Mtu { get; init; }

    /// <summary>Name of the bridge on the host; null derives one from the id.</summary>
    public string? InterfaceName { get; init; }

    /// <summary>The link of the host's that containers' links are put upon (macvlan, ipvlan).</summary>
    public string? Parent { get; init; }

    /// <summary>
    /// The VLAN, 1 to 4094 (IEEE 802.1Q). A bridge keeps its containers' frames in it, so that other ports of the bridge see them only as members; a macvlan or ipvlan network is put upon
    /// this VLAN of its parent. Null for none.
    /// </summary>
    public int? Vlan { get; init; }

    /// <summary>Name of the VRF of the host's that the bridge is a member of, so that its packets are routed by the VRF's table; null for none.</summary>
    public string? Vrf { get; init; }

    /// <summary>Mode of a macvlan network.</summary>
    public MacvlanMode MacvlanMode { get; init; }

    /// <summary>Mode of an ipvlan network.</summary>
    public IpvlanMode IpvlanMode { get; init; }

    /// <summary>Static routes of its containers.</summary>
    public IReadOnlyList<NetworkRoute> Route { get; init => field = value.ToArray(); } = [];

    /// <summary>Name servers that its containers' resolver asks, in place of the host's.</summary>
    public IReadOnlyList<string> Dns { get; init => field = value.ToArray(); } = [];

    /// <summary>No resolver: containers ask name servers themselves and do not know one another's names.</summary>
    public bool NoDns { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
