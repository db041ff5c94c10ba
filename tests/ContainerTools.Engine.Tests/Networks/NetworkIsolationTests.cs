using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ContainerTools.Engine.Tests.Storage;
using ContainerTools.Linux.Netlink;
using static ContainerTools.Engine.Tests.Networks.ConnectionTests;
using static ContainerTools.Engine.Tests.Networks.GatewayModeTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>What a container cannot do that may change its own addresses and routes (NET_ADMIN) and send any packet (NET_RAW). Each test has a host of its own.</summary>
public sealed class NetworkIsolationTests : IAsyncLifetime
{
    private readonly NetworkFixture host = new();

    public ValueTask InitializeAsync() => host.InitializeAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Containers_kept_apart_reach_one_another_by_published_ports_only()
    {
        host.SwitchWithoutRules();
        host.Networks.Create(new NetworkSpec { Name = "apart", Icc = false, IPv6 = true });
        await host.StartAsync("one", Powerful("apart"));
        var two = await host.StartAsync("two", spec => On("apart")(spec) with { Ports = [new PortMapping { HostPort = 8080, ContainerPort = 80 }] }, NetworkFixture.Serve(80, "two"));
        var gateway = host.Networks.Get("apart").Subnet[0].Gateway;
        var direct = $"socat -u TCP:{two.IPAddress}:80,connect-timeout=1 -";
        Assert.NotNull(await NetworkFixture.FetchSoonAsync(host.Host.Namespace, two.IPAddress!, 80));

        Assert.NotEqual(0, (await host.ExecAsync("one", direct)).Code);
        Assert.NotEqual(0, (await host.ExecAsync("one", $"socat -u TCP6:[{two.Endpoint[0].IPv6Address}]:80,connect-timeout=1 -")).Code);
        Assert.StartsWith("two", (await host.ExecAsync("one", $"socat -u TCP:{NetworkFixture.HostAddress}:8080,connect-timeout=1 -")).Output);

        // By the host the ports of the bridge are no obstacle, the rules are.
        Assert.Equal(0, (await host.ExecAsync("one", $"busybox ip route add {two.IPAddress} via {gateway}")).Code);
        Assert.NotEqual(0, (await host.ExecAsync("one", direct)).Code);
        using (var links = NetlinkSocket.Open(host.Host.Namespace))
        {
            foreach (var container in host.Containers.List())
            {
                links.Execute(LinkRequest.Change(container.Endpoint[0].HostInterfaceName!, new BridgePort { Isolated = false }));
            }
        }

        Assert.Equal(0, (await host.ExecAsync("one", $"busybox ip route del {two.IPAddress} via {gateway}")).Code);

        // A search for the neighbour's address that began in vain goes on by its own clock, a question a second.
        Assert.StartsWith("two", (await host.ExecAsync("one", direct.Replace("connect-timeout=1", "connect-timeout=5", StringComparison.Ordinal))).Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_leaves_a_network_under_a_foreign_source(bool ipv6)
    {
        host.Networks.Create(new NetworkSpec { Name = "mine", IPv6 = true });
        host.Networks.Create(new NetworkSpec { Name = "theirs", IPv6 = true });
        await host.StartAsync("liar", Powerful("mine"));
        var victim = await host.StartAsync("victim", On("theirs"));
        var friend = await host.StartAsync("friend", On("theirs"));
        using var inside = host.NamespaceOf(victim);
        using var atVictim = new Arrival(inside, 9000);
        using var outside = new Arrival(host.Neighbour, 9000);
        string Of(Container container) => ipv6 ? container.Endpoint[0].IPv6Address! : container.IPAddress!;
        var foreign = ipv6 ? "2001:db8:99::9" : "203.0.113.9";
        foreach (var source in new[] { Of(friend), foreign })
        {
            Assert.Equal(0, (await host.ExecAsync("liar", $"busybox ip addr add {source}/{(ipv6 ? 128 : 32)} dev lo")).Code);
        }

        var neighbour = ipv6 ? "2001:db8::2" : NetworkFixture.NeighbourAddress;
        await Lie(Of(victim), Of(friend));
        await Lie(Of(victim), foreign);
        Assert.Null(atVictim.Source());
        await Lie(neighbour, foreign);
        await Lie(neighbour, Of(friend));
        Assert.Null(outside.Source());

        host.Flush();
        await Lie(Of(victim), foreign);
        Assert.Equal(foreign, atVictim.Source());
        await Lie(neighbour, foreign);
        Assert.Equal(foreign, outside.Source());

        Task Lie(string to, string source) => host.ExecAsync("liar", ipv6 ? $"echo lie | socat - UDP6:[{to}]:9000,bind=[{source}]" : $"echo lie | socat - UDP:{to}:9000,bind={source}");
    }

    [Fact]
    public async Task A_container_on_several_networks_does_not_join_them()
    {
        host.Networks.Create(new NetworkSpec { Name = "left" });
        host.Networks.Create(new NetworkSpec { Name = "right" });
        var both = await host.StartAsync("both", Powerful("left", "right"));
        var one = await host.StartAsync("one", Powerful("left"));
        var two = await host.StartAsync("two", Powerful("right"));
        using var inside = host.NamespaceOf(two);
        using var arrival = new Arrival(inside, 9000);
        Assert.Equal(0, (await host.ExecAsync("one", $"busybox ip route add {two.IPAddress} via {both.Endpoint[0].IPAddress}")).Code);

        const string send = "echo hello | socat - UDP:";
        await host.ExecAsync("one", $"{send}{two.IPAddress}:9000");
        Assert.Null(arrival.Source());

        // It may not make itself a router: its settings are read-only. The engine's user can.
        Assert.NotEqual(0, (await host.ExecAsync("both", "echo 1 > /proc/sys/net/ipv4/ip_forward")).Code);
        using var router = host.NamespaceOf(both);
        router.Apply(NetworkSysctl.IPv4Forwarding(true));
        await host.ExecAsync("one", $"{send}{two.IPAddress}:9000");
        Assert.Equal(one.IPAddress, arrival.Source());
    }

    [Fact]
    public async Task A_neighbours_redirects_and_advertisements_do_not_change_a_containers_routes()
    {
        host.Networks.Create(new NetworkSpec { Name = "shared", IPv6 = true });
        var attacker = await host.StartAsync("attacker", Powerful("shared"));
        var victim = await host.StartAsync("victim", On("shared"));
        var gateway = host.Networks.Get("shared").Subnet[0].Gateway!;
        using var from = host.NamespaceOf(attacker);
        using var at = host.NamespaceOf(victim);
        string RouteOf(string target) => LayerRoundTripTests.Run("nsenter", $"--net={Path.Combine(host.Options.Run, "netns", victim.Id)}", "ip", "route", "get", target);
        string Routers() => LayerRoundTripTests.Run("nsenter", $"--net={Path.Combine(host.Options.Run, "netns", victim.Id)}", "ip", "-6", "route", "show", "default");
        await host.ExecAsync("attacker", $"busybox ping -c 1 {victim.IPAddress}");

        Redirect(from, gateway, victim.IPAddress!, NetworkFixture.NeighbourAddress, attacker.IPAddress!);
        Assert.Contains($"via {gateway}", RouteOf(NetworkFixture.NeighbourAddress));
        var routers = Routers();
        Advertise(from);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(routers, Routers());

        // Control: to one that listens to its neighbours they are lies that work.
        at.Apply(NetworkSysctl.AcceptRedirects("all", true), NetworkSysctl.AcceptRedirects("eth0", true), NetworkSysctl.AcceptRouterAdvertisements("eth0", 1));
        await host.ExecAsync("victim", $"busybox ping -c 1 -W 1 {NetworkFixture.NeighbourAddress}");
        Redirect(from, gateway, victim.IPAddress!, NetworkFixture.NeighbourAddress, attacker.IPAddress!);
        Assert.Contains($"via {attacker.IPAddress}", RouteOf(NetworkFixture.NeighbourAddress));
        Advertise(from);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.NotEqual(routers, Routers());
    }

    [Fact]
    public async Task A_containers_resolver_answers_no_other_container()
    {
        host.SwitchWithoutRules();
        var asker = await host.StartAsync("asker", Powerful("default"));
        var asked = await host.StartAsync("asked");
        using var from = host.NamespaceOf(asker);
        using var at = host.NamespaceOf(asked);

        // The asker gives its own loopback addresses up, so that 127.0.0.11 can be another's.
        from.Apply(NetworkSysctl.RouteLocalnet("eth0", true));
        Assert.Equal(0, (await host.ExecAsync("asker", $"busybox ip addr del 127.0.0.1/8 dev lo && busybox ip route add 127.0.0.11/32 via {asked.IPAddress}")).Code);
        Assert.Null(Ask(from));

        // Control: there is a resolver, and it is only the kernel's check of loopback addresses that keeps the question out.
        at.Apply(NetworkSysctl.RouteLocalnet("eth0", true));
        Assert.NotNull(Ask(from));
    }

    // A question for the address of "asked", to the port that the resolver really listens on (docs/names.md).
    private static byte[]? Ask(NetworkNamespace from) => from.Run(() =>
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 500 };
        socket.SendTo([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5, .. "asked"u8, 0, 0, 1, 0, 1], new IPEndPoint(IPAddress.Parse("127.0.0.11"), 299));
        try
        {
            var answer = new byte[512];
            return answer[..socket.Receive(answer)];
        }
        catch (SocketException)
        {
            return null;
        }
    });

    // RFC 792: type 5, code 1, the better gateway, and the beginning of the packet that it is about. It must seem to come from the gateway that the victim uses now.
    private static void Redirect(NetworkNamespace from, string gateway, string victim, string destination, string better)
    {
        var about = IPv4(ProtocolType.Icmp, victim, destination, new byte[8]); // The kernel believes what is about an echo reply (icmp_err): of that no socket is asked.
        byte[] icmp = [5, 1, 0, 0, .. IPAddress.Parse(better).GetAddressBytes(), .. about];
        BinaryPrimitives.WriteUInt16BigEndian(icmp.AsSpan(2), Checksum(icmp));
        var packet = IPv4(ProtocolType.Icmp, gateway, victim, icmp);
        from.Run(() =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.HeaderIncluded, true);
            return socket.SendTo(packet, new IPEndPoint(IPAddress.Parse(victim), 0));
        });
    }

    private static byte[] IPv4(ProtocolType protocol, string source, string destination, byte[] payload)
    {
        byte[] packet = [0x45, 0, 0, 0, 0, 1, 0, 0, 64, (byte)protocol, 0, 0, .. IPAddress.Parse(source).GetAddressBytes(), .. IPAddress.Parse(destination).GetAddressBytes(), .. payload];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Checksum(packet.AsSpan(0, 20)));
        return packet;
    }

    // RFC 1071.
    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        for (var index = 0; index + 1 < bytes.Length; index += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[index..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }

    // RFC 4861, 4.2: a router of high preference for half an hour. The kernel computes the checksum of ICMPv6 sockets itself; the hop limit must be 255.
    private static void Advertise(NetworkNamespace from) => from.Run(() =>
    {
        using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6);
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, 255);
        return socket.SendTo([134, 0, 0, 0, 64, 0x08, 0x07, 0x08, 0, 0, 0, 0, 0, 0, 0, 0], new IPEndPoint(IPAddress.Parse("ff02::1"), 0));
    });
}
