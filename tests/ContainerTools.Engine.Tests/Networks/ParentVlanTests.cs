using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Networks upon a VLAN of a link of the host's. Each test has a host of its own: what is repaired is of one network.</summary>
[Trait("Kernel", "any")]
public sealed class ParentVlanTests : IAsyncLifetime
{
    private readonly NetworkFixture host = new();

    public ValueTask InitializeAsync() => host.InitializeAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task The_link_is_made_for_the_first_container_and_goes_with_the_last_network()
    {
        RequireVlans();
        VlanTests.Tag(host.Neighbour, "lan0", 50, "10.80.0.1");
        var network = host.Networks.Create(OfVlan("first", "10.80.0.0/24"));
        host.Networks.Create(OfVlan("second", "10.81.0.0/24"));
        Assert.Equal(("lan0.50", 50), (network.InterfaceName, network.Vlan));
        Assert.DoesNotContain("lan0.50", host.Tool("ip", "link"));
        Assert.Equal("ParentInUse", Code(() => host.Networks.Create(OfVlan("other", "10.82.0.0/24") with { Driver = NetworkDriver.Ipvlan })));
        host.Networks.Create(OfVlan("other", "10.82.0.0/24") with { Driver = NetworkDriver.Ipvlan, Vlan = 51 });

        var one = await host.StartAsync("one", On("first"));
        var two = await host.StartAsync("two", On("first"));
        Assert.Contains("vlan protocol 802.1Q id 50", host.Tool("ip", "-d", "link", "show", "lan0.50"));
        Assert.True(await ReachesAsync(one, "10.80.0.1"));
        Assert.True(await ReachesAsync(one, two.IPAddress!));

        host.Networks.Remove("first", force: true);
        Assert.Contains("lan0.50", host.Tool("ip", "link"));
        host.Networks.Remove("second", force: false);
        Assert.DoesNotContain("lan0.50", host.Tool("ip", "link"));
    }

    [Fact]
    public async Task One_that_is_there_is_used_and_stays()
    {
        RequireVlans();
        host.Tool("ip", "link", "add", "link", "lan0", "name", "lan0.50", "up", "type", "vlan", "id", "50");
        VlanTests.Tag(host.Neighbour, "lan0", 50, "10.80.0.1");
        host.Networks.Create(OfVlan("used", "10.80.0.0/24"));
        Assert.True(await ReachesAsync(await host.StartAsync("one", On("used")), "10.80.0.1"));
        Assert.Equal("ParentInUse", Code(() => host.Networks.Create(new NetworkSpec { Name = "same", Driver = NetworkDriver.Ipvlan, Parent = "lan0.50" })));
        host.Networks.Remove("used", force: true);
        Assert.Contains("lan0.50", host.Tool("ip", "link"));

        host.Tool("ip", "link", "set", "lan0.50", "down");
        host.Tool("ip", "link", "set", "lan0.50", "name", "fifty");
        Assert.Equal("VlanInUse", Code(() => host.Networks.Create(OfVlan("no", "10.80.0.0/24"))));
        host.Tool("ip", "link", "add", "lan0.51", "type", "bridge");
        Assert.Equal("InterfaceNameInUse", Code(() => host.Networks.Create(OfVlan("no", "10.80.0.0/24") with { Vlan = 51 })));
        host.Tool("ip", "link", "set", "lan0", "down");
        Assert.Equal("ParentDown", Code(() => host.Networks.Create(OfVlan("no", "10.80.0.0/24") with { Vlan = 52 })));
        Assert.DoesNotContain(host.Networks.List(), network => network.Name is "no" or "same");
    }

    [Theory]
    [InlineData(NetworkDriver.Macvlan)]
    [InlineData(NetworkDriver.Ipvlan)]
    public async Task One_that_has_gone_is_made_again_with_the_links_of_containers_upon_it(NetworkDriver driver)
    {
        RequireVlans();
        VlanTests.Tag(host.Neighbour, "lan0", 50, "10.80.0.1");
        host.Networks.Create(OfVlan("mended", "10.80.0.0/24") with { Driver = driver });
        var one = await host.StartAsync("one", On("mended"));
        Assert.True(await ReachesAsync(one, "10.80.0.1"));
        Assert.Empty(host.Networks.Repair(apply: false));

        host.Tool("ip", "link", "delete", "lan0.50");
        Assert.False(await ReachesAsync(one, "10.80.0.1"));
        Assert.Equal(["lan0.50", "eth0"], host.Networks.Repair(apply: false).Select(action => action.Target));
        Assert.All(host.Networks.Repair(apply: true), action => Assert.True(action.Repaired, action.ToString()));
        Assert.True(await ReachesAsync(one, "10.80.0.1"));
        Assert.Empty(host.Networks.Repair(apply: false));
    }

    private static void RequireVlans() => Assert.SkipUnless(VlanTests.WhyNoVlans() is null, $"this kernel makes no links of VLANs: {VlanTests.WhyNoVlans()}");

    private static NetworkSpec OfVlan(string name, string subnet) => new() { Name = name, Driver = NetworkDriver.Macvlan, Parent = "lan0", Vlan = 50, Subnet = [subnet], Gateway = [subnet.Replace("0/24", "1", StringComparison.Ordinal)], IPv6 = false };

    private async Task<bool> ReachesAsync(Container container, string target) => (await host.ExecAsync(container.Name, $"busybox ping -c 1 -W 3 {target}")).Code == 0;
}
