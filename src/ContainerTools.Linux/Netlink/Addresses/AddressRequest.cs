using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Netlink;

/// <summary>Requests that give addresses to links and take them away.</summary>
public static class AddressRequest
{
    private const ushort Acknowledged = NetlinkRequest.Request | NetlinkRequest.Acknowledge;

    /// <summary>Gives a link an address; EEXIST when it has it already.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The prefix is longer than the address.</exception>
    public static NetlinkRequest Add(LinkAddress address) =>
        Make("RTM_NEWADDR", RouteMessageType.NewAddress, Acknowledged | NetlinkRequest.Create | NetlinkRequest.Exclusive, address);

    /// <summary>Takes an address from a link; EADDRNOTAVAIL when it does not have it. IPv4 addresses secondary to it go too, unless promote_secondaries is set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The prefix is longer than the address.</exception>
    public static NetlinkRequest Delete(LinkAddress address) => Make("RTM_DELADDR", RouteMessageType.DeleteAddress, Acknowledged, address);

    internal static NetlinkRequest GetAll(int? link)
    {
        var writer = new NetlinkWriter(RouteMessageType.GetAddress, NetlinkRequest.Request | NetlinkRequest.Dump);
        MemoryMarshal.Write(writer.Take(AddressMessage.HeaderSize)[AddressMessage.IndexOffset..], link ?? 0);
        return new NetlinkRequest("RTM_GETADDR", link is { } index ? ((LinkReference)index).ToString() : "addresses", writer);
    }

    private static NetlinkRequest Make(string operation, ushort type, ushort flags, LinkAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        byte[] bytes = address.Address.GetAddressBytes();
        ArgumentOutOfRangeException.ThrowIfNegative(address.PrefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address.PrefixLength, bytes.Length * 8);
        var writer = new NetlinkWriter(type, flags);
        Span<byte> header = writer.Take(AddressMessage.HeaderSize);
        header[0] = AddressFamilyNumber.Of(address.Address);
        header[1] = (byte)address.PrefixLength;
        MemoryMarshal.Write(header[AddressMessage.IndexOffset..], address.Link);

        // On a point-to-point link the address of the other side would stand in IFA_ADDRESS; elsewhere the two are one.
        writer.Attribute(AddressMessage.LocalAttribute, bytes);
        writer.Attribute(AddressMessage.AddressAttribute, bytes);
        if (address.Broadcast is { } broadcast)
        {
            writer.Attribute(AddressMessage.BroadcastAttribute, broadcast.GetAddressBytes());
        }

        if (address.Flags != AddressFlags.None)
        {
            writer.Number(AddressMessage.FlagsAttribute, (uint)address.Flags);
        }

        return new NetlinkRequest(operation, address.ToString(), writer);
    }
}
