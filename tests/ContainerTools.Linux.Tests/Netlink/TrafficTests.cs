using System.Net;
using System.Net.Sockets;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Tests.Netlink;

/// <summary>What was built carries traffic. Sockets belong to the namespace of the thread that made them, and are blocking: no thread is made inside.</summary>
public class TrafficTests
{
    private const int Port = 4000;
    private const int Patience = 5000;

    [Theory]
    [InlineData("10.9.0.2", "10.9.0.3")]
    [InlineData("fd09::2", "fd09::3")]
    public void Two_namespaces_on_a_bridge_exchange_a_datagram(string left, string right)
    {
        using var network = new BridgedPair();
        using var server = network.Right.Run(() => Bound(SocketType.Dgram, right, Port));
        using var client = network.Left.Run(() => Bound(SocketType.Dgram, left, Port));
        client.SendTo("over the bridge"u8, new IPEndPoint(IPAddress.Parse(right), Port));
        var buffer = new byte[100];
        EndPoint sender = new IPEndPoint(IPAddress.Parse(left), 0);
        int count = server.ReceiveFrom(buffer, ref sender);
        Assert.Equal("over the bridge"u8, buffer.AsSpan(0, count));
        Assert.Equal(new IPEndPoint(IPAddress.Parse(left), Port), sender);
    }

    [Theory]
    [InlineData("10.9.0.2", "10.9.0.3")]
    [InlineData("fd09::2", "fd09::3")]
    public void Two_namespaces_on_a_bridge_make_a_connection_and_the_links_count_it(string left, string right)
    {
        using var network = new BridgedPair();
        using var server = network.Right.Run(() => Bound(SocketType.Stream, right, Port));
        using var client = network.Left.Run(() => Bound(SocketType.Stream, left, 0));
        server.Listen();
        client.Connect(IPAddress.Parse(right), Port);
        using var accepted = server.Accept();
        var sent = new byte[50_000];
        Random.Shared.NextBytes(sent);
        client.Send(sent);
        client.Shutdown(SocketShutdown.Send);
        var received = new MemoryStream();
        var buffer = new byte[8192];
        for (int count; (count = accepted.Receive(buffer)) > 0;)
        {
            received.Write(buffer, 0, count);
        }

        Assert.Equal(sent, received.ToArray());
        LinkStatistics counters = network.Socket.FindLink("port2")!.Statistics;
        Assert.InRange(counters.ReceivedBytes, 50_000UL, 100_000UL);
        Assert.True(counters.ReceivedPackets > 0 && counters.SentPackets > 0);
    }

    [Fact]
    public void Isolated_ports_do_not_reach_one_another()
    {
        using var network = new BridgedPair();
        network.Socket.Execute(
            LinkRequest.Change("port2", new BridgePort { Isolated = true }),
            LinkRequest.Change("port3", new BridgePort { Isolated = true, Hairpin = true }));
        Assert.Equal(new BridgePort { Isolated = true, Hairpin = false }, network.Socket.FindLink("port2")!.Port);
        Assert.Equal(new BridgePort { Isolated = true, Hairpin = true }, network.Socket.FindLink("port3")!.Port);

        using var server = network.Right.Run(() => Bound(SocketType.Dgram, "10.9.0.3", Port));
        using var client = network.Left.Run(() => Bound(SocketType.Dgram, "10.9.0.2", Port));
        server.ReceiveTimeout = 200;
        client.SendTo("nobody hears"u8, new IPEndPoint(IPAddress.Parse("10.9.0.3"), Port));
        Assert.Throws<SocketException>(() => server.Receive(new byte[100]));
    }

    private static Socket Bound(SocketType type, string address, int port)
    {
        var endpoint = new IPEndPoint(IPAddress.Parse(address), port);
        var socket = new Socket(endpoint.AddressFamily, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp) { ReceiveTimeout = Patience, SendTimeout = Patience };
        socket.Bind(endpoint);
        return socket;
    }
}
