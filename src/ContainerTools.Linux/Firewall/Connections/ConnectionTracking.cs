using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ContainerTools.Linux.Firewall.Nfnetlink;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Firewall.Connections;

/// <summary>Lists and deletes entries of connection tracking (linux/netfilter/nfnetlink_conntrack.h). Throws <see cref="LinuxException"/>.</summary>
internal static class ConnectionTracking
{
    private const ushort Get = 1;    // IPCTNL_MSG_CT_GET
    private const ushort Delete = 2; // IPCTNL_MSG_CT_DELETE
    private const int OriginalTuple = 1;
    private const int ReplyTuple = 2;
    private const int Status = 3;
    private const int Id = 12;
    private const int Zone = 18;
    private const int Filter = 25;
    private const int FilterOriginalFlags = 1;
    private const int FilterProtocol = 1 << 3;        // of net/netfilter/nf_internals.h, as libnetfilter_conntrack has them
    private const int FilterDestinationPort = 1 << 5;
    private const int TupleAddresses = 1;
    private const int TupleProtocol = 2;
    private const int ProtocolNumber = 1;
    private const int SourcePort = 2;
    private const int DestinationPort = 3;
    private const uint SourceTranslated = 1 << 4;      // IPS_SRC_NAT
    private const uint DestinationTranslated = 1 << 5; // IPS_DST_NAT
    private const int HeaderOfNfnetlink = 4;

    /// <summary>The entries of a protocol and a family.</summary>
    /// <param name="socket">A socket in the namespace concerned.</param>
    /// <param name="protocol">The protocol.</param>
    /// <param name="family">IPv4 or IPv6.</param>
    /// <param name="port">The port of their original destination; null for all. A kernel before Linux 5.8 may list others as well.</param>
    public static IReadOnlyList<TrackedConnection> List(NfnetlinkSocket socket, TransportProtocol protocol, AddressFamily family, ushort? port = null)
    {
        var number = FirewallField.Protocol(protocol).First[0];
        var writer = NfnetlinkRequest.Write(NfnetlinkRequest.ConnectionTracking, Get, NetlinkRequest.Dump, FirewallField.Family(family).First[0]);

        // Linux 5.8 lists only what fits. Before, it lists all, hence the second look below.
        var filter = writer.Begin(Filter);
        writer.Number(FilterOriginalFlags, port is null ? FilterProtocol : FilterProtocol | FilterDestinationPort);
        writer.End(filter);
        var tuple = writer.Begin(OriginalTuple);
        var inner = writer.Begin(TupleProtocol);
        writer.Number(ProtocolNumber, number);
        if (port is { } wanted)
        {
            writer.Number(DestinationPort, BinaryPrimitives.ReverseEndianness(wanted));
        }

        writer.End(inner);
        writer.End(tuple);

        var connections = new List<TrackedConnection>();
        socket.List(new("IPCTNL_MSG_CT_GET", protocol.ToString(), writer), payload =>
        {
            if (Read(payload[HeaderOfNfnetlink..], number) is { } connection)
            {
                connections.Add(connection);
            }
        });
        return connections;
    }

    /// <summary>
    /// Deletes the entries that fit. Nothing happens where the kernel cannot (it has no nf_conntrack_netlink): such entries time out when their clients pause for half a
    /// minute.
    /// </summary>
    public static void Forget(NfnetlinkSocket socket, TransportProtocol protocol, AddressFamily family, Func<TrackedConnection, bool> fits, ushort? port = null)
    {
        IReadOnlyList<TrackedConnection> connections;
        try
        {
            connections = List(socket, protocol, family, port);
        }
        catch (LinuxException error) when (error.Errno is LinuxError.InvalidArgument or LinuxError.NotSupported) // nfnetlink_rcv_msg: no such subsystem
        {
            return;
        }

        Remove(socket, connections.Where(fits));
    }

    /// <summary>Deletes entries; those that are gone already are no error.</summary>
    public static void Remove(NfnetlinkSocket socket, IEnumerable<TrackedConnection> connections)
    {
        foreach (var connection in connections)
        {
            var family = FirewallField.Family(connection.Destination.AddressFamily).First[0];
            var writer = NfnetlinkRequest.Write(NfnetlinkRequest.ConnectionTracking, Delete, NetlinkRequest.Acknowledge, family);
            connection.Key.CopyTo(writer.Take(connection.Key.Length));
            if (socket.Execute(new("IPCTNL_MSG_CT_DELETE", connection.Destination.ToString(), writer)) is { } error && error.Errno != LinuxError.NotFound)
            {
                throw error;
            }
        }
    }

    private static TrackedConnection? Read(ReadOnlySpan<byte> data, byte protocol)
    {
        (IPEndPoint Source, IPEndPoint Destination)? original = null, reply = null;
        uint status = 0;

        // The id comes along, so that another connection of the same addresses that began since is left alone.
        var key = new NetlinkWriter(0, 0);
        var start = key.ToMessage().Length;
        var attributes = new NetlinkAttributes(data);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case OriginalTuple:
                    original = ReadTuple(attributes.Value, protocol);
                    key.Attribute(OriginalTuple | NetlinkWriter.Nested, attributes.Value);
                    break;
                case ReplyTuple:
                    reply = ReadTuple(attributes.Value, protocol);
                    break;
                case Status:
                    status = BinaryPrimitives.ReadUInt32BigEndian(attributes.Value);
                    break;
                case Id or Zone:
                    key.Attribute(attributes.Type, attributes.Value);
                    break;
            }
        }

        return original is { } there && reply is { } back
            ? new(there.Source, there.Destination, back.Source, (status & SourceTranslated) != 0, (status & DestinationTranslated) != 0, key.ToMessage()[start..])
            : null;
    }

    private static (IPEndPoint Source, IPEndPoint Destination)? ReadTuple(ReadOnlySpan<byte> data, byte protocol)
    {
        IPAddress? source = null, destination = null;
        int number = -1, sourcePort = 0, destinationPort = 0;
        var tuple = new NetlinkAttributes(data);
        while (tuple.Next())
        {
            var parts = new NetlinkAttributes(tuple.Value);
            while (parts.Next())
            {
                switch (tuple.Type, parts.Type)
                {
                    case (TupleAddresses, 1 or 3): // CTA_IP_V4_SRC, CTA_IP_V6_SRC
                        source = new IPAddress(parts.Value);
                        break;
                    case (TupleAddresses, 2 or 4):
                        destination = new IPAddress(parts.Value);
                        break;
                    case (TupleProtocol, ProtocolNumber):
                        number = parts.Value[0];
                        break;
                    case (TupleProtocol, SourcePort):
                        sourcePort = BinaryPrimitives.ReadUInt16BigEndian(parts.Value);
                        break;
                    case (TupleProtocol, DestinationPort):
                        destinationPort = BinaryPrimitives.ReadUInt16BigEndian(parts.Value);
                        break;
                }
            }
        }

        return source is not null && destination is not null && number == protocol ? (new(source, sourcePort), new(destination, destinationPort)) : null;
    }
}
