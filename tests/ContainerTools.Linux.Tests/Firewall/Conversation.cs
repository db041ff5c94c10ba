using System.Net;
using System.Net.Sockets;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Tests.Firewall;

/// <summary>
/// A client in one namespace that speaks to a server in another by TCP or UDP, and hears an answer from the address it spoke to. Sockets belong to the
/// namespace of the thread that made them, and block: no thread is made inside.
/// </summary>
internal sealed class Conversation : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_try = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_impatience = TimeSpan.FromMilliseconds(500);
    private readonly Socket _listener;
    private readonly Socket _client;
    private readonly TransportProtocol _protocol;
    private Socket _server;

    private Conversation(NetworkNamespace clients, IPEndPoint target, NetworkNamespace servers, int port, TransportProtocol protocol)
    {
        _protocol = protocol;
        _listener = _server = servers.Run(() => Open(target, protocol));
        _listener.Bind(new IPEndPoint(target.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, port));
        if (protocol == TransportProtocol.Tcp)
        {
            _listener.Listen();
        }

        _client = clients.Run(() => Open(target, protocol));
    }

    /// <summary>The client's address as the server sees it.</summary>
    public IPAddress? Source { get; private set; }

    /// <summary>The client's address as the server sees it; fails when they do not come together.</summary>
    public static string? SourceOf(NetworkNamespace clients, string target, NetworkNamespace servers, int port, TransportProtocol protocol = TransportProtocol.Tcp)
    {
        using var conversation = Begin(clients, target, servers, port, protocol);
        return conversation.Source?.ToString();
    }

    /// <summary>Whether a client reaches a server that surely listens.</summary>
    public static bool Reaches(NetworkNamespace clients, string target, NetworkNamespace servers, int port, TransportProtocol protocol = TransportProtocol.Tcp)
    {
        var endpoint = IPEndPoint.Parse(target);
        using var conversation = new Conversation(clients, endpoint, servers, port, protocol);
        return conversation.Connect(endpoint, s_impatience) && conversation.Exchange(s_impatience);
    }

    /// <summary>Begins a conversation that can go on.</summary>
    public static Conversation Begin(NetworkNamespace clients, string target, NetworkNamespace servers, int port, TransportProtocol protocol = TransportProtocol.Tcp)
    {
        var endpoint = IPEndPoint.Parse(target);

        // The kernel lets an IPv6 address be found out (joins its solicited-node group) in a work queue that all namespaces share, and that waits while others are taken down. Who asks before
        // hears after three seconds that the neighbour is not there, and has to ask again.
        for (var end = DateTime.UtcNow + s_patience; ;)
        {
            var conversation = new Conversation(clients, endpoint, servers, port, protocol);
            if (conversation.Connect(endpoint, s_try))
            {
                Assert.True(conversation.Exchange(s_patience), $"{target} ({protocol}) does not answer.");
                return conversation;
            }

            conversation.Dispose();
            Assert.True(DateTime.UtcNow < end, $"{target} ({protocol}) is not reached.");
        }
    }

    /// <summary>Whether another message and its answer come through.</summary>
    public bool GoesOn() => Exchange(s_impatience);

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _listener.Dispose();
    }

    private static Socket Open(IPEndPoint target, TransportProtocol protocol) => protocol == TransportProtocol.Tcp
        ? new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        : new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);

    private bool Connect(IPEndPoint target, TimeSpan patience)
    {
        if (_protocol == TransportProtocol.Udp)
        {
            _client.Connect(target); // from now on it hears that address only
            return true;
        }

        _client.Blocking = false;
        try
        {
            _client.Connect(target);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
        }

        if (!_listener.Poll(patience, SelectMode.SelectRead) || !_client.Poll(patience, SelectMode.SelectWrite))
        {
            return false;
        }

        _client.Blocking = true;
        _server = _listener.Accept();
        Source = ((IPEndPoint)_server.RemoteEndPoint!).Address;
        return true;
    }

    private bool Exchange(TimeSpan patience)
    {
        var buffer = new byte[100];
        if (!Ask(patience))
        {
            return false;
        }

        if (_protocol == TransportProtocol.Tcp)
        {
            _server.Send(buffer.AsSpan(0, _server.Receive(buffer)));
        }
        else
        {
            EndPoint source = new IPEndPoint(_server.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
            int count = _server.ReceiveFrom(buffer, ref source);
            Source = ((IPEndPoint)source).Address;
            _server.SendTo(buffer.AsSpan(0, count), source);
        }

        return _client.Poll(patience, SelectMode.SelectRead) && _client.Receive(buffer) == "question".Length;
    }

    // A datagram may be lost, as while a neighbour's address is being found out: its sender asks again.
    private bool Ask(TimeSpan patience)
    {
        var (interval, attempts) = _protocol == TransportProtocol.Tcp ? (patience, 1) : (patience / 5, 5);
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            try
            {
                _client.Send("question"u8);
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return false; // the one before was turned away
            }

            if (_server.Poll(interval, SelectMode.SelectRead))
            {
                return true;
            }
        }

        return false;
    }
}
