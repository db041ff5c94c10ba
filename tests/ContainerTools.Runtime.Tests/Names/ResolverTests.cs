using System.Net;
using System.Net.Sockets;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Runtime.Tests.Names;

/// <summary>The resolver in a real monitor, asked by programs that people use.</summary>
public sealed class ResolverTests
{
    [Fact]
    public void Programs_find_containers_by_name()
    {
        using var container = new NamedContainer();
        container.Write("shop", "c1", "address 10.89.4.2", "address fd00::2", "name web", "name web.shop", "pointer web.shop");
        container.Run();
        Assert.Equal(["10.89.4.2"], container.Dig("web"));
        Assert.Equal(["fd00::2"], container.Dig("WEB AAAA"));
        Assert.Equal(["10.89.4.2"], container.Dig("+tcp web.shop"));
        Assert.Equal(["10.89.4.2"], container.Dig("+noedns web"));
        Assert.Equal(["web.shop."], container.Dig("-x 10.89.4.2"));
        Assert.Equal(["web.shop."], container.Dig("-x fd00::2"));
        Assert.Contains("status: NXDOMAIN", container.Execute("dig nosuch"), StringComparison.Ordinal);
        Assert.StartsWith("10.89.4.2 ", container.Execute("getent ahostsv4 web"), StringComparison.Ordinal);
        Assert.StartsWith("fd00::2 ", container.Execute("getent hosts web"), StringComparison.Ordinal);
        Assert.Equal("10.89.4.2       web.shop", container.Execute("getent hosts 10.89.4.2").Trim());
        Assert.Contains("10.89.4.2", container.Execute("busybox nslookup web"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_in_the_container_finds_another()
    {
        using var container = new NamedContainer("busybox", "nslookup", "db", "127.0.0.11");
        container.Bundle.Command[0] = "/bin/busybox";
        container.Write("shop", "c1", "address 10.89.4.3", "name db");
        container.Start();
        Assert.True(SpinWait.SpinUntil(() => container.Bundle.Exit is not null, 10_000));
        Assert.Contains("10.89.4.3", container.Bundle.Logged("stdout"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_may_be_a_name_server_itself()
    {
        using var container = new NamedContainer();
        container.Write("shop", "c1", "address 10.89.4.2", "name web");
        using var datagrams = container.Own.Run(() => Bound(SocketType.Dgram));
        using var streams = container.Own.Run(() => Bound(SocketType.Stream));
        streams.Listen();
        container.Run();
        Assert.Equal(["10.89.4.2"], container.Dig("web"));
        Assert.Equal(["10.89.4.2"], container.Dig("+tcp web"));

        // Its own port is still its own.
        using var client = container.Own.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        client.SendTo("own"u8, new IPEndPoint(IPAddress.Loopback, 53));
        datagrams.ReceiveTimeout = 5000;
        Assert.Equal(3, datagrams.Receive(new byte[10]));
    }

    [Fact]
    public void A_truncated_answer_is_followed_by_a_whole_one_over_TCP()
    {
        using var container = new NamedContainer();
        for (var index = 1; index <= 200; index++)
        {
            container.Write("shop", $"c{index}", $"address 10.89.7.{index}", "name many");
        }

        container.Run();
        Assert.Equal(200, container.Dig("many").Distinct().Count());
        Assert.Contains("flags: qr aa tc rd ra", container.Execute("dig +ignore many"), StringComparison.Ordinal);
        Assert.Equal("200", container.Execute("getent ahostsv4 many | grep -c STREAM").Trim());
    }

    [Fact]
    public void A_network_of_five_thousand_names_follows_changes()
    {
        using var container = new NamedContainer();
        for (var index = 0; index < 5000; index++)
        {
            container.Write("shop", $"c{index}", $"address 10.{index / 250 % 250}.{index % 250}.1", $"name n{index}");
        }

        container.Run();
        Assert.All([0, 1, 2499, 4999], index => Assert.Equal([$"10.{index / 250 % 250}.{index % 250}.1"], container.Dig($"n{index}")));
        container.Write("shop", "c1", "address 10.99.99.99", "name n1", "name renamed");
        Assert.Equal(["10.99.99.99", "10.99.99.99"], container.Dig("n1 renamed"));
        File.Delete(Path.Combine(container.Network("shop").Directory, "c1"));
        Assert.Empty(container.Dig("n1"));
    }

    [Fact]
    public void Connections_and_shreds_beyond_measure_leave_room_for_the_next()
    {
        using var container = new NamedContainer();
        container.Write("shop", "c1", "address 10.89.4.2", "name web");
        container.Run();
        var server = new IPEndPoint(IPAddress.Parse("127.0.0.11"), 53);
        var idle = Enumerable.Range(0, 100).Select(_ => container.Own.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(server);
            socket.Send([0]);
            return socket;
        })).ToArray();
        using var shreds = container.Own.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        for (var size = 0; size < 3000; size += 7)
        {
            shreds.SendTo(new byte[size], server);
        }

        Assert.Equal(["10.89.4.2"], container.Dig("+tcp web"));
        Assert.Equal(["10.89.4.2"], container.Dig("web"));
        Array.ForEach(idle, socket => socket.Dispose());
    }

    [Fact]
    public void Names_without_a_namespace_to_answer_them_in_are_refused()
    {
        using var container = new NamedContainer();
        container.Bundle.Network = new MonitorNetwork { Names = new MonitorNames() };
        var told = container.Start();
        Assert.Equal(("error", "ContainerStartFailed"), (told.Kind, told.Code));
        Assert.Contains("no namespace", told.Message, StringComparison.Ordinal);
    }

    private static Socket Bound(SocketType type)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, ProtocolType.Unspecified);
        socket.Bind(new IPEndPoint(IPAddress.Any, 53));
        return socket;
    }
}
