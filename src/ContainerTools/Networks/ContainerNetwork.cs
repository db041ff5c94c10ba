namespace ContainerTools;

/// <summary>A snapshot of one network.</summary>
public sealed record ContainerNetwork
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Unique name.</summary>
    public required string Name { get; init; }

    /// <summary>How containers are connected.</summary>
    public NetworkDriver Driver { get; init; }

    /// <summary>Its subnets.</summary>
    public IReadOnlyList<NetworkSubnet> Subnet { get; init => field = value.ToArray(); } = [];

    /// <summary>Its containers, running or not.</summary>
    public IReadOnlyList<NetworkEndpoint> Endpoint { get; init => field = value.ToArray(); } = [];

    /// <summary>Name of the bridge on the host, or of the link that a macvlan or ipvlan network is put upon: its parent, or the parent's VLAN (<c>eth0.50</c>).</summary>
    public string? InterfaceName { get; init; }

    /// <summary>Its VLAN, 1 to 4094; null for none.</summary>
    public int? Vlan { get; init; }

    /// <summary>The VRF that its bridge is a member of; null for none.</summary>
    public string? Vrf { get; init; }

    /// <summary>Containers reach one another and the host, nothing else.</summary>
    public bool Internal { get; init; }

    /// <summary>Whether containers of the network reach one another.</summary>
    public bool Icc { get; init; } = true;

    /// <summary>Addresses that containers have, running or not.</summary>
    public int AddressesInUse { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Everything it was made with.</summary>
    public required NetworkSpec Spec { get; init; }

    /// <summary>The name that binds back.</summary>
    public override string ToString() => Name;
}
