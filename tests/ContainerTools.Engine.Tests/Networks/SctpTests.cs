using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Published SCTP ports, by packets made by hand: few kernels have its sockets, all that forward lead its packets.</summary>
[Trait("Kernel", "any")]
public partial class SctpTests(NetworkFixture host) : IClassFixture<NetworkFixture>
{
    private const int Sctp = 132;

    [Fact]
    public async Task An_association_is_led_to_the_container_and_its_answer_back()
    {
        var container = await host.StartAsync("signal", spec => spec with { Ports = [new PortMapping { HostPort = 7000, ContainerPort = 2905, Protocol = PortProtocol.Sctp }] });
        using var inside = host.NamespaceOf(container);
        using var server = inside.Run(() => Open(IPAddress.Parse(container.IPAddress!)));
        using var client = host.Neighbour.Run(() => Open(IPAddress.Parse(NetworkFixture.NeighbourAddress)));

        // INIT, and its ABORT: what a host without a listener answers (RFC 9260, 8.4).
        client.SendTo(Packet(5000, 7000, 0, [1, 0, 0, 20, 0, 0, 0, 7, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 9]), new IPEndPoint(IPAddress.Parse(NetworkFixture.HostAddress), 0));
        var (from, arrived) = Receive(server);
        Assert.Equal(NetworkFixture.NeighbourAddress, from);
        Assert.Equal((5000, 2905), Ports(arrived));
        Assert.Equal(Packet(5000, 2905, 0, arrived.AsSpan(12)), arrived);

        server.SendTo(Packet(2905, 5000, 7, [6, 0, 0, 4]), new IPEndPoint(IPAddress.Parse(NetworkFixture.NeighbourAddress), 0));
        (from, arrived) = Receive(client);
        Assert.Equal(NetworkFixture.HostAddress, from);
        Assert.Equal((7000, 5000), Ports(arrived));
    }

    [LibraryImport("libc", EntryPoint = "socket")]
    private static partial int MakeSocket(int family, int type, int protocol);

    private static Socket Open(IPAddress address)
    {
        // The class itself makes no sockets of protocols that it does not know.
        var socket = new Socket(new SafeSocketHandle(MakeSocket(2, 3, Sctp), ownsHandle: true)) { ReceiveTimeout = 3000 };
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    // A raw socket of IPv4 gives the IP header as well (raw(7)).
    private static (string From, byte[] Packet) Receive(Socket socket)
    {
        var buffer = new byte[2048];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        var length = socket.ReceiveFrom(buffer, ref from);
        return (((IPEndPoint)from).Address.ToString(), buffer[((buffer[0] & 15) * 4)..length]);
    }

    private static (int Source, int Target) Ports(byte[] packet) => (BinaryPrimitives.ReadUInt16BigEndian(packet), BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2)));

    // The common header with its CRC-32C, and a chunk (RFC 9260, 3.1 and appendix A).
    private static byte[] Packet(ushort source, ushort target, uint tag, ReadOnlySpan<byte> chunk)
    {
        byte[] packet = [.. new byte[12], .. chunk];
        BinaryPrimitives.WriteUInt16BigEndian(packet, source);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), target);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), tag);
        BinaryPrimitives.WriteUInt32LittleEndian(packet.AsSpan(8), ~packet.Aggregate(uint.MaxValue, BitOperations.Crc32C));
        return packet;
    }
}
