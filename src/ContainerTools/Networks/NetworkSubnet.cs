using System.Net;

namespace ContainerTools;

/// <summary>A subnet of a network.</summary>
public sealed record NetworkSubnet
{
    /// <summary>Address and prefix length: <c>10.89.4.0/24</c>.</summary>
    public required string Subnet { get; init; }

    /// <summary>Where containers send what leaves the subnet.</summary>
    public required string Gateway { get; init; }

    /// <summary>Where addresses that nobody asked for by number are taken from.</summary>
    public required string IPRange { get; init; }

    /// <summary>Addresses that are never given to a container.</summary>
    public IReadOnlyList<string> ReservedAddress { get; init => field = value.ToArray(); } = [];

    /// <summary>Addresses that containers have, running or not.</summary>
    public int AddressesInUse { get; init; }

    /// <summary>Bits of an address that are the same in the whole subnet.</summary>
    public int PrefixLength => IPNetwork.Parse(Subnet).PrefixLength;

    /// <summary>Whether an address of text form is of this subnet.</summary>
    public bool Contains(string address) => IPNetwork.Parse(Subnet).Contains(IPAddress.Parse(address));

    /// <summary>The subnet.</summary>
    public override string ToString() => Subnet;
}
