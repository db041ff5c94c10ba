using System.Net;
using ContainerTools.Linux.Netlink;
using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Networks of ipvlans, which not every kernel has. Each mode has a link of its own to the neighbour: all ipvlans upon one have the same.</summary>
[Trait("Kernel", "any")]
public class IpvlanTests(NetworkFixture host) : IClassFixture<NetworkFixture>
{
    [Fact]
    public async Task Of_layer_2_containers_are_on_the_link_and_leave_it_by_its_router()
    {
        RequireIpvlan();
        host.Wire("two", null, ["10.62.0.1/24", "fd62::1/64"]);
        host.Networks.Create(new NetworkSpec { Name = "two", Driver = NetworkDriver.Ipvlan, Parent = "two", Subnet = ["10.62.0.0/24", "fd62::/64"] });
        var one = await StartAsync("two-1", "two");
        var other = await StartAsync("two-2", "two");

        await ReachesAsync(one, other.IPAddress!, other.Endpoint[0].IPv6Address!, other.Name, "10.62.0.1", "fd62::1");
        await ReachesAsync(one, NetworkFixture.NeighbourAddress);
        Assert.StartsWith("two-1", await NetworkFixture.FetchSoonAsync(host.Neighbour, one.IPAddress!, 80));
        Assert.StartsWith("two-1", await NetworkFixture.FetchSoonAsync(host.Neighbour, one.Endpoint[0].IPv6Address!, 80));
    }

    [Theory]
    [InlineData(IpvlanMode.L3, false)]
    [InlineData(IpvlanMode.L3S, true)]
    public async Task Of_layer_3_containers_have_the_host_for_a_router_and_with_S_its_filter(IpvlanMode mode, bool filtered)
    {
        RequireIpvlan();
        var name = mode.ToString();
        var number = filtered ? 4 : 3;
        host.Wire(name, [$"10.7{number}.0.1/24", $"fd7{number}::1/64"], [$"10.7{number}.0.2/24", $"fd7{number}::2/64"]);
        Lead(name, $"10.6{number}.0.0/24", $"10.7{number}.0.1");
        Lead(name, $"fd6{number}::/64", $"fd7{number}::1");
        host.Networks.Create(new NetworkSpec
        {
            Name = name, Driver = NetworkDriver.Ipvlan, Parent = name, IpvlanMode = mode, Subnet = [$"10.6{number}.0.0/24", $"fd6{number}::/64"],
        });
        var one = await StartAsync($"{name}-1", name);
        var other = await StartAsync($"{name}-2", name);

        Assert.StartsWith("default dev eth0", (await host.ExecAsync(one.Name, "busybox ip route")).Output);
        await ReachesAsync(one, other.IPAddress!, other.Endpoint[0].IPv6Address!, other.Name, $"10.7{number}.0.2", $"fd7{number}::2");
        Assert.StartsWith(one.Name, await NetworkFixture.FetchSoonAsync(host.Neighbour, one.IPAddress!, 80));
        Assert.StartsWith(one.Name, await NetworkFixture.FetchSoonAsync(host.Neighbour, one.Endpoint[0].IPv6Address!, 80));
        host.Tool("nft", $"table inet of{number} {{ chain input {{ type filter hook input priority 0; ip daddr {one.IPAddress} drop; }}; }}");
        Assert.Equal(filtered ? null : one.Name, NetworkFixture.Fetch(host.Neighbour, one.IPAddress!, 80)?.Split(' ')[0]);
    }

    [Fact]
    public async Task An_ipvlan_has_the_hardware_address_of_its_parent_and_a_running_container_is_connected_and_disconnected()
    {
        RequireIpvlan();
        host.Wire("late", null, ["10.65.0.1/24"]);
        host.Networks.Create(new NetworkSpec { Name = "late", Driver = NetworkDriver.Ipvlan, Parent = "late", Subnet = ["10.65.0.0/24"], IPv6 = false });
        var container = await StartAsync("of-bridge", "default");

        var endpoint = host.Networks.Connect(container.Name, new NetworkAttachment { Name = "late", InterfaceName = "upon0" });

        Assert.Equal(("", null), (endpoint.MacAddress, endpoint.HostInterfaceName));
        var parent = host.Tool("ip", "-o", "link", "show", "late").Split("link/ether ")[1].Split(' ')[0];
        Assert.Contains($"link/ether {parent} ", (await host.ExecAsync(container.Name, "busybox ip link show upon0")).Output);
        await ReachesAsync(container, "10.65.0.1");
        host.Networks.Disconnect(container.Name, "late");
        Assert.DoesNotContain("upon0", (await host.ExecAsync(container.Name, "busybox ip link")).Output);
        await ReachesAsync(container, NetworkFixture.NeighbourAddress);
    }

    private static void RequireIpvlan()
    {
        using var network = NetworkNamespace.Create();
        using var links = NetlinkSocket.Open(network);
        links.Execute(LinkRequest.Create(new NewLink("a", new VethKind(new VethPeer("b"))) { Index = 11 }));
        var error = links.TryExecute(LinkRequest.Create(new NewLink("c", new IpvlanKind(11, Linux.Netlink.IpvlanMode.L2))))[0];
        Assert.SkipUnless(error is null, $"this kernel makes no ipvlan: {error?.Message}");
    }

    private Task<Container> StartAsync(string name, string network) => host.StartAsync(name, On(network), NetworkFixture.Serve(80, name));

    private async Task ReachesAsync(Container container, params string[] targets)
    {
        foreach (var target in targets)
        {
            var (code, output) = await host.ExecAsync(container.Name, $"busybox ping -c 1 -W 5 {target}");
            Assert.True(code == 0, $"{target}: {output}");
        }
    }

    private void Lead(string link, string destination, string gateway)
    {
        using var there = NetlinkSocket.Open(host.Neighbour);
        there.Execute(RouteRequest.Add(new Route(IPNetwork.Parse(destination)) { Gateway = IPAddress.Parse(gateway), Link = there.FindLink(link)!.Index }));
    }
}
