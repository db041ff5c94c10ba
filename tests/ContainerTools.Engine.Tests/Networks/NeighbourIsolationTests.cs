using System.Net;
using System.Net.Sockets;
using ContainerTools.Linux.Netlink;
using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>What machines beside the host, and other stores on it, cannot do. Each test has a host of its own.</summary>
public sealed class NeighbourIsolationTests : IAsyncLifetime
{
    private readonly NetworkFixture host = new();

    public ValueTask InitializeAsync() => host.InitializeAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task CVE_2025_54410_a_port_of_the_loopback_address_is_reached_from_the_neighbour_in_no_way()
    {
        var web = await host.StartAsync("web", spec => spec with { Ports = [new PortMapping { HostAddress = "127.0.0.1", HostPort = 8080, ContainerPort = 80 }] }, NetworkFixture.Serve(80, "private"));
        host.LeadNeighbourTo("default");
        Assert.StartsWith("private", await NetworkFixture.FetchSoonAsync(host.Host.Namespace, "127.0.0.1", 8080));

        AssertClosed(web);
        host.Flush();
        Assert.StartsWith("private", NetworkFixture.Fetch(host.Neighbour, web.IPAddress!, 80));
        Assert.True(Assert.Single(host.Networks.Repair(apply: true)).Repaired);
        AssertClosed(web);
        Assert.StartsWith("private", NetworkFixture.Fetch(host.Host.Namespace, "127.0.0.1", 8080));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData(null)]
    public async Task A_packet_for_the_hosts_loopback_address_leads_to_no_container_even_where_the_kernel_takes_it(string? published)
    {
        // A host whose administrator has set route_localnet on all links, as some set-ups of Kubernetes do, and a neighbour that sends to 127.0.0.1 by the host.
        host.Host.Namespace.Apply(NetworkSysctl.RouteLocalnet("lan0", true));
        host.Neighbour.Apply(NetworkSysctl.RouteLocalnet("lan0", true));
        using (var links = NetlinkSocket.Open(host.Neighbour))
        {
            links.Execute(AddressRequest.Delete(new LinkAddress(1, IPAddress.Loopback, 8)), RouteRequest.Add(new Route(IPNetwork.Parse("127.0.0.0/8")) { Gateway = IPAddress.Parse(NetworkFixture.HostAddress) }));
        }

        await host.StartAsync("web", spec => spec with { Ports = [new PortMapping { HostAddress = published, HostPort = 8080, ContainerPort = 80 }] }, NetworkFixture.Serve(80, "private"));
        Assert.StartsWith("private", await NetworkFixture.FetchSoonAsync(host.Host.Namespace, "127.0.0.1", 8080));
        Assert.Null(NetworkFixture.Fetch(host.Neighbour, "127.0.0.1", 8080, 400));

        // Control: such packets do arrive, for a program of the host.
        using var program = new Arrival(host.Host.Namespace, 9000, "127.0.0.1");
        host.Neighbour.Run(() =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            return socket.SendTo("hello"u8, new IPEndPoint(IPAddress.Loopback, 9000));
        });
        Assert.Equal(NetworkFixture.NeighbourAddress, program.Source());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_host_is_a_router_between_its_neighbours_only_where_it_was_one_before(bool before)
    {
        using var second = NetworkNamespace.Create();
        Join(second);
        Forward(before);
        using var there = new Arrival(second, 9000);
        Send(host.Neighbour, "198.51.100.2");
        Assert.Equal(before, there.Source() is not null);
        Send(host.Neighbour, "2001:db8:1::2");
        Assert.Equal(before, there.Source() is not null);

        await host.StartAsync("any");

        Assert.Equal("1\n1\n", host.Tool("busybox", "cat", "/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv6/conf/all/forwarding"));
        Assert.Equal(0, (await host.ExecAsync("any", "busybox ping -c 1 -W 2 198.51.100.2")).Code);
        Send(host.Neighbour, "198.51.100.2");
        Assert.Equal(before, there.Source() is not null);
        Send(host.Neighbour, "2001:db8:1::2");
        Assert.Equal(before, there.Source() is not null);

        // Without rules, forwarding alone makes a router.
        host.Flush();
        Send(host.Neighbour, "198.51.100.2");
        Assert.NotNull(there.Source());
        host.Networks.Repair(apply: true);
        Send(host.Neighbour, "198.51.100.2");
        Assert.Equal(before, there.Source() is not null);
    }

    [Fact]
    public async Task Forwarding_that_an_administrator_has_turned_off_comes_back_for_containers_only()
    {
        using var second = NetworkNamespace.Create();
        Join(second);
        Forward(true);
        await host.StartAsync("any");
        Forward(false);
        using var there = new Arrival(second, 9000);
        Assert.Equal("Setting", Assert.Single(host.Networks.Repair(apply: false)).Kind);

        Assert.True(Assert.Single(host.Networks.Repair(apply: true)).Repaired);

        Assert.Equal(0, (await host.ExecAsync("any", "busybox ping -c 1 -W 2 198.51.100.2")).Code);
        Send(host.Neighbour, "198.51.100.2");
        Assert.Null(there.Source());
        Send(host.Neighbour, "2001:db8:1::2");
        Assert.Null(there.Source());

        // A second time, and IPv6 alone.
        host.Host.Namespace.Apply(NetworkSysctl.IPv6Forwarding(false));
        Assert.Equal("net.ipv6.conf.all.forwarding", Assert.Single(host.Networks.Repair(apply: true)).Target);
        Send(host.Neighbour, "2001:db8:1::2");
        Assert.Null(there.Source());
        Assert.Equal(0, (await host.ExecAsync("any", "busybox ping -6 -c 1 -W 2 2001:db8:1::2")).Code);
    }

    [Fact]
    public async Task Two_stores_on_one_host_are_strangers_to_each_other()
    {
        var directory = Directory.CreateTempSubdirectory("ct-net-other-").FullName;
        var other = new ContainerEngineFactory().Open(host.Options with { Root = Path.Combine(directory, "root"), Run = Path.Combine(directory, "run") });
        try
        {
            await other.Images.NewBaseAsync(new BaseImageRequest { Name = NetworkFixture.Image, Commands = ["socat", "sh"] }, null, TestContext.Current.CancellationToken);
            var mine = await host.StartAsync("mine");
            var made = other.Containers.Create(new ContainerSpec { Image = NetworkFixture.Image, Name = "theirs", Command = NetworkFixture.Serve(80, "theirs"), Ports = [new PortMapping { HostPort = 8080, ContainerPort = 80 }], StopTimeout = TimeSpan.Zero });
            var theirs = await other.Containers.StartAsync(made.Id, TestContext.Current.CancellationToken);
            Assert.NotEqual(host.Networks.Get("default").Subnet[0].Subnet, other.Networks.Get("default").Subnet[0].Subnet);
            Assert.NotNull(await NetworkFixture.FetchSoonAsync(host.Host.Namespace, theirs.IPAddress!, 80));
            var direct = $"socat -u TCP:{theirs.IPAddress}:80,connect-timeout=1 -";

            Assert.NotEqual(0, (await host.ExecAsync("mine", direct)).Code);
            Assert.StartsWith("theirs", (await host.ExecAsync("mine", $"socat -u TCP:{NetworkFixture.HostAddress}:8080,connect-timeout=1 -")).Output);
            Assert.StartsWith("theirs", NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8080));

            // Only both stores' rules together are what was there before: each repairs its own.
            host.Flush();
            Assert.StartsWith("theirs", (await host.ExecAsync("mine", direct)).Output);
            host.Networks.Repair(apply: true);
            other.Networks.Repair(apply: true);
            Assert.NotEqual(0, (await host.ExecAsync("mine", direct)).Code);
            Assert.StartsWith("theirs", NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8080));

            // What one takes down leaves the other's in place.
            await host.Containers.RemoveAsync(mine.Id, force: true, TestContext.Current.CancellationToken);
            host.Networks.Remove("default", force: false);
            Assert.StartsWith("theirs", NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8080));
        }
        finally
        {
            foreach (var container in other.Containers.List())
            {
                await other.Containers.RemoveAsync(container.Id, force: true, CancellationToken.None);
            }

            other.Dispose();
            Directory.Delete(directory, recursive: true);
        }
    }

    private void AssertClosed(Container web)
    {
        Assert.Null(NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8080, 400));
        Assert.Null(NetworkFixture.Fetch(host.Neighbour, web.IPAddress!, 80, 400));
        Assert.Null(NetworkFixture.Fetch(host.Neighbour, web.IPAddress!, 8080, 400));
        Assert.Null(NetworkFixture.Fetch(host.Neighbour, web.Endpoint[0].IPv6Address!, 80, 400));
    }

    // A second machine beside the host; both neighbours have the host as their router.
    private void Join(NetworkNamespace second)
    {
        second.Apply(NetworkSysctl.DuplicateAddressDetection("default", false));
        using var links = NetlinkSocket.Open(host.Host.Namespace);
        links.Execute(LinkRequest.Create(new NewLink("lan1", new VethKind(new VethPeer("lan1") { Namespace = second }))));
        Address(links, "198.51.100.1", "2001:db8:1::1");
        using var beyond = NetlinkSocket.Open(second);
        Address(beyond, "198.51.100.2", "2001:db8:1::2");
        beyond.Execute(Default("198.51.100.1"), Default("2001:db8:1::1"));
        using var neighbour = NetlinkSocket.Open(host.Neighbour);
        neighbour.Execute(Default(NetworkFixture.HostAddress), Default("2001:db8::1"));
    }

    private static void Address(NetlinkSocket links, string ipv4, string ipv6)
    {
        var index = links.FindLink("lan1")!.Index;
        links.Execute(
            LinkRequest.Change(index, new LinkChange { Up = true }),
            AddressRequest.Add(new LinkAddress(index, IPAddress.Parse(ipv4), 24)),
            AddressRequest.Add(new LinkAddress(index, IPAddress.Parse(ipv6), 64) { Flags = AddressFlags.NoDuplicateDetection }));
    }

    private static NetlinkRequest Default(string gateway) =>
        RouteRequest.Add(new Route(IPNetwork.Parse(gateway.Contains(':', StringComparison.Ordinal) ? "::/0" : "0.0.0.0/0")) { Gateway = IPAddress.Parse(gateway) });

    private void Forward(bool enabled) => host.Host.Namespace.Apply(NetworkSysctl.IPv4Forwarding(enabled), NetworkSysctl.IPv6Forwarding(enabled));

    private static void Send(NetworkNamespace from, string address) => from.Run(() =>
    {
        using var socket = new Socket(IPAddress.Parse(address).AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        return socket.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse(address), 9000));
    });
}
