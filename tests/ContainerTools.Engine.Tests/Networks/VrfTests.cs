using ContainerTools.Linux.Netlink;
using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Bridges in a VRF of the host's, which not every kernel has. Each test has a host of its own: what is repaired is of one network.</summary>
[Trait("Kernel", "any")]
public sealed class VrfTests : IAsyncLifetime
{
    private readonly NetworkFixture host = new();

    public ValueTask InitializeAsync() => host.InitializeAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Its_table_has_the_route_and_containers_go_out_by_its_links()
    {
        MakeVrf();
        host.Wire("lan1", ["10.77.0.1/24", "fd77::1/64"], ["10.77.0.2/24", "fd77::2/64"], "red");
        var network = host.Networks.Create(new NetworkSpec { Name = "in-red", InterfaceName = "red-br", Vrf = "red", Subnet = ["10.70.0.0/24", "fd70::/64"] });
        host.Networks.Create(new NetworkSpec { Name = "closed", Vrf = "red", Internal = true, Subnet = ["10.71.0.0/24"], IPv6 = false });
        Assert.Equal("red", network.Vrf);
        var one = await host.StartAsync("one", On("in-red"), NetworkFixture.Serve(80, "one"));
        var two = await host.StartAsync("two", On("in-red"));
        var closed = await host.StartAsync("closed", GatewayModeTests.Powerful("closed"), NetworkFixture.Serve(80, "closed"));

        Assert.Contains("10.70.0.0/24 dev red-br", host.Tool("ip", "route", "show", "table", "77"));
        Assert.Contains("fd70::/64 dev red-br", host.Tool("ip", "-6", "route", "show", "table", "77"));
        Assert.DoesNotContain("10.70.0.0/24", host.Tool("ip", "route", "show"));

        // The neighbour has no route to containers: it answers, because it sees the host's address in the VRF.
        foreach (var target in new[] { one.IPAddress!, one.Endpoint[0].IPv6Address!, "10.70.0.1", "10.77.0.2", "fd77::2" })
        {
            Assert.True(await ReachesAsync(two, target), target);
        }

        // The rules know where it comes from, although the kernel gives the VRF as its origin.
        Assert.Equal((0, ""), await host.ExecAsync("closed", "busybox ip route add default via 10.71.0.1"));
        Lead("10.71.0.0/24");
        Assert.False(await ReachesAsync(closed, "10.77.0.2"));
        Assert.False(await ReachesAsync(two, closed.IPAddress!));
        Assert.Null(NetworkFixture.Fetch(host.Neighbour, closed.IPAddress!, 80, 500));
        Lead("10.70.0.0/24");
        Assert.Null(NetworkFixture.Fetch(host.Neighbour, one.IPAddress!, 80, 500));
        host.Flush();
        Assert.True(await ReachesAsync(closed, "10.77.0.2"));
        Assert.True(await ReachesAsync(two, closed.IPAddress!));
        Assert.StartsWith("one", await NetworkFixture.FetchSoonAsync(host.Neighbour, one.IPAddress!, 80));
        Assert.StartsWith("closed", await NetworkFixture.FetchSoonAsync(host.Neighbour, closed.IPAddress!, 80));
    }

    [Fact]
    public async Task A_bridge_that_is_no_longer_in_it_is_mended_and_what_is_missing_is_said()
    {
        MakeVrf();
        host.Networks.Create(new NetworkSpec { Name = "in-red", InterfaceName = "red-br", Vrf = "red", Subnet = ["10.70.0.0/24", "fd70::/64"] });
        var one = await host.StartAsync("one", On("in-red"));
        Assert.Empty(host.Networks.Repair(apply: false));

        host.Tool("ip", "link", "delete", "red");
        var action = Assert.Single(host.Networks.Repair(apply: true));
        Assert.Equal(("Bridge", "red-br", false), (action.Kind, action.Target, action.Repaired));
        Assert.Contains("The host has no VRF 'red'", action.Reason);

        MakeVrf();
        Assert.True(Assert.Single(host.Networks.Repair(apply: true)).Repaired);
        Assert.Contains("10.70.0.0/24 dev red-br", host.Tool("ip", "route", "show", "table", "77"));
        Assert.True(await ReachesAsync(one, "10.70.0.1"));
        Assert.True(await ReachesAsync(one, "fd70::1"));
        Assert.Empty(host.Networks.Repair(apply: false));

        await host.Containers.RemoveAsync("one", force: true, TestContext.Current.CancellationToken);
        host.Networks.Remove("in-red", force: false);
        Assert.DoesNotContain("red-br", host.Tool("ip", "link"));
        Assert.Contains("red", host.Tool("ip", "link"));
        Assert.DoesNotContain("\"red\"", host.Tool("nft", "list", "ruleset"));
    }

    private void MakeVrf()
    {
        try
        {
            host.Tool("ip", "link", "add", "red", "type", "vrf", "table", "77");
        }
        catch (Exception error) when (error.Message.Contains("Unknown device type", StringComparison.Ordinal))
        {
            Assert.Skip($"this kernel makes no VRF: {error.Message}");
        }

        host.Tool("ip", "link", "set", "red", "up");
    }

    private void Lead(string subnet)
    {
        using var links = NetlinkSocket.Open(host.Neighbour);
        links.Execute(RouteRequest.Add(new Route(System.Net.IPNetwork.Parse(subnet)) { Gateway = System.Net.IPAddress.Parse("10.77.0.1") }));
    }

    private async Task<bool> ReachesAsync(Container container, string target) => (await host.ExecAsync(container.Name, $"busybox ping -c 1 -W 3 {target}")).Code == 0;
}
