using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ContainerTools.Linux.Firewall;

/// <summary>A value, or a range of values, in an element of a set or map: as nft writes it and as the kernel has it.</summary>
/// <param name="Text">What nft writes.</param>
/// <param name="First">The first value, in network byte order.</param>
/// <param name="Last">The last value.</param>
internal readonly record struct FirewallField(string Text, byte[] First, byte[] Last)
{
    private const int InterfaceNameSize = 16; // IFNAMSIZ of linux/if.h

    /// <summary>The name of an interface.</summary>
    public static FirewallField Interface(string name)
    {
        var bytes = new byte[InterfaceNameSize];
        Encoding.ASCII.GetBytes(name, bytes);
        return One($"\"{name}\"", bytes);
    }

    /// <summary>One address.</summary>
    public static FirewallField Address(IPAddress address) => One(address.ToString(), address.GetAddressBytes());

    /// <summary>All addresses of a subnet.</summary>
    public static FirewallField Subnet(IPNetwork subnet)
    {
        var first = subnet.BaseAddress.GetAddressBytes();
        var last = (byte[])first.Clone();
        for (var bit = subnet.PrefixLength; bit < last.Length * 8; bit++)
        {
            last[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new(subnet.ToString(), first, last);
    }

    /// <summary>A protocol.</summary>
    public static FirewallField Protocol(TransportProtocol protocol) =>
        One(protocol.ToString().ToLowerInvariant(), [(byte)(protocol switch { TransportProtocol.Tcp => 6, TransportProtocol.Udp => 17, _ => 132 })]); // IPPROTO_*

    /// <summary>Ports, from the first to the last.</summary>
    public static FirewallField Ports(int first, int last)
    {
        var text = first == last ? first.ToString(CultureInfo.InvariantCulture) : FormattableString.Invariant($"{first}-{last}");
        return new(text, Bytes(first), Bytes(last));
    }

    /// <summary>A family of addresses.</summary>
    public static FirewallField Family(AddressFamily family) =>
        family == AddressFamily.InterNetworkV6 ? One("ipv6", [Nfnetlink.NftablesFamily.IPv6]) : One("ipv4", [Nfnetlink.NftablesFamily.IPv4]);

    private static FirewallField One(string text, byte[] value) => new(text, value, value);

    private static byte[] Bytes(int port)
    {
        var bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)port);
        return bytes;
    }
}
