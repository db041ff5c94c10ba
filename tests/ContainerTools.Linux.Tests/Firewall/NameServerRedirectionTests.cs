using System.Net;
using System.Net.Sockets;
using System.Text;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Firewall.Nfnetlink;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Tests.Firewall;

/// <summary>Port 53 of the name server's address leads to another port, and no connection is tracked for it.</summary>
public sealed class NameServerRedirectionTests : IDisposable
{
    private static readonly IPEndPoint s_public = new(IPAddress.Parse(NameServerRedirection.Address), 53);
    private static readonly IPEndPoint s_listening = new(IPAddress.Parse(NameServerRedirection.Address), NameServerRedirection.Port);
    private readonly NetworkNamespace _namespace = NetworkNamespace.Create();

    public NameServerRedirectionTests()
    {
        using var socket = NetlinkSocket.Open(_namespace);
        socket.Execute(LinkRequest.Change("lo", new LinkChange { Up = true }));

        // Twice: what is there already is no hindrance.
        _namespace.Run(NameServerRedirection.Establish);
        _namespace.Run(NameServerRedirection.Establish);
    }

    public void Dispose() => _namespace.Dispose();

    [Fact]
    public void datagrams_are_led_both_ways_beside_a_server_on_all_addresses() => _namespace.Run(() =>
    {
        using Socket server = Open(SocketType.Dgram, s_listening);
        using Socket everywhere = Open(SocketType.Dgram, new IPEndPoint(IPAddress.Any, 53));
        using Socket client = Open(SocketType.Dgram, new IPEndPoint(IPAddress.Loopback, 0));
        client.Connect(s_public);
        client.Send("question"u8);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        byte[] buffer = new byte[100];
        Assert.Equal("question", Encoding.ASCII.GetString(buffer, 0, server.ReceiveFrom(buffer, ref from)));
        server.SendTo("answer"u8, from);
        Assert.Equal("answer", Encoding.ASCII.GetString(buffer, 0, client.Receive(buffer)));

        client.SendTo("own"u8, new IPEndPoint(IPAddress.Loopback, 53));
        Assert.Equal("own", Encoding.ASCII.GetString(buffer, 0, everywhere.Receive(buffer)));
    });

    [Fact]
    public void connections_are_led_both_ways() => _namespace.Run(() =>
    {
        using Socket listener = Open(SocketType.Stream, s_listening);
        listener.Listen();
        using Socket client = Open(SocketType.Stream, new IPEndPoint(IPAddress.Loopback, 0));
        client.Connect(s_public);
        using Socket server = listener.Accept();
        byte[] sent = new byte[100_000];
        Random.Shared.NextBytes(sent);
        server.Send(sent);
        byte[] received = new byte[sent.Length];
        for (int done = 0; done < received.Length;)
        {
            done += client.Receive(received.AsSpan(done));
        }

        Assert.Equal(sent, received);
    });

    [Fact]
    public void no_connection_is_tracked() => _namespace.Run(() =>
    {
        // Nothing is tracked at all in a namespace until a rule looks at states.
        Nftables.Open().Run("add table ip t; add chain ip t c { type filter hook output priority 0; }; add rule ip t c ct state invalid counter");
        using Socket server = Open(SocketType.Dgram, s_listening);
        using Socket client = Open(SocketType.Dgram, new IPEndPoint(IPAddress.Loopback, 0));
        client.SendTo("x"u8, s_public);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        server.ReceiveFrom(new byte[1], ref from);
        server.SendTo("x"u8, from);
        client.Receive(new byte[1]);
        Assert.Equal("0", Tracked());

        client.SendTo("x"u8, s_listening);
        Assert.Equal("1", Tracked());
    });

    [Fact]
    public void what_cannot_be_is_refused_whole() => _namespace.Run(() =>
    {
        var batch = new NfnetlinkBatch();
        batch.Add(NftablesMessage.NewTable, NftablesFamily.IPv4, NfnetlinkBatch.Create).Text(NftablesAttribute.TableName, "half");
        batch.Add(NftablesMessage.DeleteTable, NftablesFamily.IPv4).Text(NftablesAttribute.TableName, "missing");
        batch.Add(NftablesMessage.NewTable, NftablesFamily.IPv4, NfnetlinkBatch.Create).Text(NftablesAttribute.TableName, "whole");
        using var socket = NfnetlinkSocket.Open();
        var error = Assert.Throws<LinuxException>(() => socket.Commit(batch));
        Assert.Equal(LinuxError.NotFound, error.Errno);

        var missing = new NfnetlinkBatch();
        missing.Add(NftablesMessage.DeleteTable, NftablesFamily.IPv4).Text(NftablesAttribute.TableName, "half");
        Assert.Equal(LinuxError.NotFound, Assert.Throws<LinuxException>(() => socket.Commit(missing)).Errno);
    });

    private static string Tracked() => File.ReadAllText("/proc/sys/net/netfilter/nf_conntrack_count").Trim();

    private static Socket Open(SocketType type, IPEndPoint endpoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, ProtocolType.Unspecified) { ReceiveTimeout = 5000, SendTimeout = 5000 };
        socket.Bind(endpoint);
        return socket;
    }
}
