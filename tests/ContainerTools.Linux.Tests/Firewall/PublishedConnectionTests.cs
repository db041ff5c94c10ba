using System.Net;
using System.Net.Sockets;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Firewall.Connections;
using ContainerTools.Linux.Firewall.Nfnetlink;
using ContainerTools.Linux.Netlink;
using static ContainerTools.Linux.Tests.Firewall.FirewalledHost;

namespace ContainerTools.Linux.Tests.Firewall;

/// <summary>A client of UDP that goes on sending from one socket, whatever becomes of the port.</summary>
public sealed class PublishedConnectionTests : IDisposable
{
    private readonly FirewalledHost _host = new();
    private readonly List<Socket> _sockets = [];

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _host.Dispose();
    }

    private Socket Server(NetworkNamespace network, bool six, int port = 80)
    {
        var socket = Open(network, six);
        socket.Bind(new IPEndPoint(six ? IPAddress.IPv6Any : IPAddress.Any, port));
        return socket;
    }

    private Socket Open(NetworkNamespace network, bool six)
    {
        var socket = network.Run(() => new Socket(six ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        _sockets.Add(socket);
        return socket;
    }

    // Which of the servers gets what the client sends; -1 for none.
    private static int Send(Socket client, string target, params Socket[] servers)
    {
        var buffer = new byte[100];
        client.SendTo("question"u8, IPEndPoint.Parse(target));
        var ready = servers.ToList();
        Socket.Select(ready, null, null, TimeSpan.FromMilliseconds(500));
        ready.ForEach(server => server.Receive(buffer));
        return ready.Count == 0 ? -1 : Array.IndexOf(servers, ready[0]);
    }

    private IReadOnlyList<TrackedConnection> Tracked(AddressFamily family)
    {
        using var socket = NfnetlinkSocket.Open(_host.Host);
        return ConnectionTracking.List(socket, TransportProtocol.Udp, family);
    }

    [Theory]
    [InlineData("0.0.0.0", "172.30.0.2", "172.30.0.3", "192.0.2.1:8080")]
    [InlineData("192.0.2.1", "172.30.0.2", "172.30.0.3", "192.0.2.1:8080")]
    [InlineData("::", "fd30::2", "fd30::3", "[2001:db8::1]:8080")]
    public void A_client_comes_to_the_new_container_of_a_port(string host, string first, string second, string target)
    {
        var six = first.Contains(':', StringComparison.Ordinal);
        var (one, two, client) = (Server(_host.One, six), Server(_host.Two, six), Open(_host.Client, six));
        var (before, after) = (Port(host, 8080, first, 80, protocol: TransportProtocol.Udp), Port(host, 8080, second, 80, protocol: TransportProtocol.Udp));
        _host.Establish(Publishing(before));
        Assert.Equal(0, Send(client, target, one, two));
        _host.Change(Publishing(before), Publishing(after));
        Assert.Equal(1, Send(client, target, one, two));

        // Also by way of a time in which nobody has it, and by rules that are made anew.
        _host.Change(Publishing(after), Publishing());
        Assert.Equal(-1, Send(client, target, one, two));
        _host.Change(Publishing(), Publishing(before));
        Assert.Equal(0, Send(client, target, one, two));
        _host.Establish(Publishing(after));
        Assert.Equal(1, Send(client, target, one, two));
    }

    [Fact]
    public void A_client_that_was_there_before_the_port_comes_to_the_container()
    {
        var (one, client) = (Server(_host.One, false), Open(_host.Client, false));
        _host.Establish(Ct0, Ct1);
        Assert.Equal(-1, Send(client, "192.0.2.1:5005", one));
        Assert.Single(Tracked(AddressFamily.InterNetwork), connection => !connection.DestinationTranslated && connection.Destination.Port == 5005);
        _host.Change([Ct0], [Ct0 with { Ports = [Port("0.0.0.0", 5000, "172.30.0.2", 75, 10, protocol: TransportProtocol.Udp)] }]);
        Assert.Equal(0, Send(client, "192.0.2.1:5005", one));
        Assert.Single(Tracked(AddressFamily.InterNetwork), connection => connection.DestinationTranslated && connection.Server.Equals(IPEndPoint.Parse("172.30.0.2:80")));
    }

    [Fact]
    public void Connections_to_other_ports_and_from_containers_to_the_same_port_elsewhere_live_on()
    {
        var kept = Port("0.0.0.0", 8081, "172.30.0.3", 80, protocol: TransportProtocol.Udp);
        _host.Establish(Publishing(kept));
        using var published = Conversation.Begin(_host.Client, "192.0.2.1:8081", _host.Two, 80, TransportProtocol.Udp);
        using var outgoing = Conversation.Begin(_host.One, "192.0.2.9:8080", _host.Client, 8080, TransportProtocol.Udp);
        var before = Tracked(AddressFamily.InterNetwork);
        Assert.Equal(2, before.Count);
        _host.Change([Ct0], [Ct0 with { Ports = [Port("0.0.0.0", 8080, "172.30.0.2", 80, protocol: TransportProtocol.Udp)] }]);
        _host.Establish(Publishing(kept, Port("0.0.0.0", 8080, "172.30.0.2", 80, protocol: TransportProtocol.Udp)));
        Assert.Equal(before.Select(connection => Convert.ToHexString(connection.Key)).Order(), Tracked(AddressFamily.InterNetwork).Select(connection => Convert.ToHexString(connection.Key)).Order());
        Assert.True(published.GoesOn());
        Assert.True(outgoing.GoesOn());
    }

    [Fact]
    public void An_entry_that_is_gone_already_is_no_error()
    {
        _host.Establish(Ct0, Ct1);
        var client = Open(_host.Client, false);
        client.SendTo("question"u8, IPEndPoint.Parse("192.0.2.1:9"));
        var tracked = Tracked(AddressFamily.InterNetwork);
        Assert.Single(tracked);
        using var socket = NfnetlinkSocket.Open(_host.Host);
        ConnectionTracking.Remove(socket, [.. tracked, .. tracked]);
        Assert.Empty(Tracked(AddressFamily.InterNetwork));
    }
}
