using System.Net;

namespace ContainerTools.Linux.Netlink;

/// <summary>An IPv4 or IPv6 address on a link.</summary>
/// <param name="Link">Index of the link.</param>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">Bits of the network: 0 to 32 or 128.</param>
public sealed record LinkAddress(int Link, IPAddress Address, int PrefixLength)
{
    /// <summary>IPv4: the network's broadcast address, or null for none.</summary>
    public IPAddress? Broadcast { get; init; }

    /// <summary>Flags. Of use to a request are <see cref="AddressFlags.NoDuplicateDetection"/> and <see cref="AddressFlags.NoPrefixRoute"/>.</summary>
    public AddressFlags Flags { get; init; }

    /// <summary><c>10.1.2.3/24 on link 5</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Address}/{PrefixLength} on link {Link}");
}
