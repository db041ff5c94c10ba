using System.Buffers.Binary;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Firewall.Nfnetlink;

/// <summary>What all messages to nfnetlink have in common (linux/netfilter/nfnetlink.h).</summary>
internal static class NfnetlinkRequest
{
    /// <summary>Subsystem of connection tracking (NFNL_SUBSYS_CTNETLINK).</summary>
    public const int ConnectionTracking = 1;

    /// <summary>Subsystem of nftables (NFNL_SUBSYS_NFTABLES).</summary>
    public const int Nftables = 10;

    /// <summary>Begins a message of a subsystem; its attributes are written to what is returned.</summary>
    /// <param name="subsystem">The subsystem.</param>
    /// <param name="type">Type of the message within the subsystem.</param>
    /// <param name="flags">NLM_F_ACK and the like; NLM_F_REQUEST is added.</param>
    /// <param name="family">Family of addresses or tables.</param>
    public static NetlinkWriter Write(int subsystem, ushort type, ushort flags, byte family) => Begin((ushort)((subsystem << 8) | type), flags, family, 0);

    /// <summary>Begins a message of nfnetlink itself, about a subsystem.</summary>
    public static NetlinkWriter WriteFraming(ushort type, int subsystem) => Begin(type, 0, 0, (ushort)subsystem);

    // struct nfgenmsg: family, version 0, and a number in network byte order.
    private static NetlinkWriter Begin(ushort type, ushort flags, byte family, ushort resource)
    {
        var writer = new NetlinkWriter(type, (ushort)(NetlinkRequest.Request | flags));
        Span<byte> header = writer.Take(4);
        header[0] = family;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], resource);
        return writer;
    }
}
