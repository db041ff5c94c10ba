using ContainerTools.Linux.Netlink;
using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Bridges that keep their containers in a VLAN, which not every kernel can.</summary>
[Trait("Kernel", "any")]
public class VlanTests(NetworkFixture host) : IClassFixture<NetworkFixture>
{
    [Theory]
    [InlineData(0, null, null, "InvalidNetworkOption")]
    [InlineData(4095, null, null, "InvalidNetworkOption")]
    [InlineData(50, "eth9", null, "ParentNotFound")]
    [InlineData(50, "a-long-link-nam", null, "InvalidNetworkOption")]
    [InlineData(null, "lan0", "red", "InvalidNetworkOption")]
    [InlineData(null, null, "red", "VrfNotFound")]
    [InlineData(null, null, "lan0", "VrfNotFound")]
    public void What_cannot_be_is_refused(int? vlan, string? parent, string? vrf, string code)
    {
        Assert.Equal(code, Code(() => host.Networks.Create(new NetworkSpec { Name = "no", Driver = parent is null ? NetworkDriver.Bridge : NetworkDriver.Macvlan, Parent = parent, Vlan = vlan, Vrf = vrf })));
        Assert.DoesNotContain(host.Networks.List(), network => network.Name == "no");
    }

    [Theory]
    [InlineData(null, "VlanFilteringUnavailable", "CONFIG_BRIDGE_VLAN_FILTERING")]
    [InlineData("lan0", "VlanUnavailable", "modprobe 8021q")]
    public void What_the_kernel_lacks_is_said_before_anything_is_made(string? parent, string code, string mend)
    {
        Assert.SkipWhen((parent is null ? WhyNoFiltering() : WhyNoVlans()) is null, "this kernel lacks nothing");
        var links = host.Tool("ip", "-o", "link");
        var error = Assert.Throws<ContainerToolsException>(() => host.Networks.Create(
            new NetworkSpec { Name = "no", Driver = parent is null ? NetworkDriver.Bridge : NetworkDriver.Macvlan, Parent = parent, Vlan = 50 }));

        Assert.Equal((code, ErrorKind.Unavailable), (error.Code, error.Kind));
        Assert.Contains(mend, error.RecommendedAction);
        Assert.DoesNotContain(host.Networks.List(), network => network.Name == "no");
        Assert.Equal(links, host.Tool("ip", "-o", "link"));
    }

    [Fact]
    public async Task Containers_reach_one_another_and_the_host_and_other_tags_do_not_come_through()
    {
        RequireFiltering();
        host.Networks.Create(new NetworkSpec { Name = "plain", Subnet = ["10.50.1.0/24"], IPv6 = false });
        var network = host.Networks.Create(new NetworkSpec { Name = "fifty", Vlan = 50, Subnet = ["10.50.0.0/24", "fd50::/64"] });
        Assert.Equal(50, network.Vlan);
        var one = await host.StartAsync("one", On("fifty", "plain"));
        var two = await host.StartAsync("two", On("fifty", "plain"));

        foreach (var target in new[] { two.IPAddress!, two.Endpoint[0].IPv6Address!, "10.50.0.1", "fd50::1", NetworkFixture.NeighbourAddress })
        {
            Assert.True(await ReachesAsync(one, target), target);
        }

        if (WhyNoVlans() is null)
        {
            // The bridge that does not keep VLANs apart shows that the frames would come through.
            Tag(one, "eth0", 60, "10.60.0.1");
            Tag(two, "eth0", 60, "10.60.0.2");
            Tag(one, "eth1", 61, "10.61.0.1");
            Tag(two, "eth1", 61, "10.61.0.2");
            Assert.True(await ReachesAsync(one, "10.61.0.2"));
            Assert.False(await ReachesAsync(one, "10.60.0.2"));
        }
    }

    [Fact]
    public async Task A_port_that_the_administrator_adds_sees_the_VLAN_only_as_a_member()
    {
        RequireFiltering();
        Assert.SkipUnless(WhyNoVlans() is null, $"this kernel makes no links of VLANs: {WhyNoVlans()}");
        host.Networks.Create(new NetworkSpec { Name = "trunked", InterfaceName = "trunk0", Vlan = 51, Subnet = ["10.51.0.0/24"], IPv6 = false });
        var container = await host.StartAsync("on-trunk", On("trunked"));
        host.Wire("up0", null, ["10.51.0.8/24"]);
        host.Tool("ip", "link", "set", "up0", "master", "trunk0");
        Assert.False(await ReachesAsync(container, "10.51.0.8"));

        using (var links = NetlinkSocket.Open(host.Neighbour))
        {
            links.Execute(AddressRequest.Delete(new LinkAddress(links.FindLink("up0")!.Index, System.Net.IPAddress.Parse("10.51.0.8"), 24)));
        }

        Tag(host.Neighbour, "up0", 51, "10.51.0.9");
        Assert.False(await ReachesAsync(container, "10.51.0.9"));
        host.Tool("bridge", "vlan", "add", "dev", "up0", "vid", "51");
        Assert.True(await ReachesAsync(container, "10.51.0.9"));
    }

    [Fact]
    public async Task A_bridge_that_has_gone_or_no_longer_keeps_VLANs_apart_is_mended()
    {
        RequireFiltering();
        host.Networks.Create(new NetworkSpec { Name = "mended", InterfaceName = "mended0", Vlan = 52, Subnet = ["10.52.0.0/24"], IPv6 = false });
        var one = await host.StartAsync("mended-1", On("mended"));
        var two = await host.StartAsync("mended-2", On("mended"));
        Assert.Empty(host.Networks.Repair(apply: false));

        host.Tool("ip", "link", "set", "mended0", "type", "bridge", "vlan_filtering", "0");
        Assert.Equal(("Bridge", "mended0", true), Assert.Single(host.Networks.Repair(apply: true)) is var action ? (action.Kind, action.Target, action.Repaired) : default);
        Assert.Contains("vlan_filtering 1", host.Tool("ip", "-d", "link", "show", "mended0"));

        host.Tool("ip", "link", "delete", "mended0");
        Assert.False(await ReachesAsync(one, two.IPAddress!));
        Assert.All(host.Networks.Repair(apply: true), repaired => Assert.True(repaired.Repaired, repaired.ToString()));
        Assert.True(await ReachesAsync(one, two.IPAddress!));
        Assert.True(await ReachesAsync(one, "10.52.0.1"));
        Assert.Contains("vlan_filtering 1", host.Tool("ip", "-d", "link", "show", "mended0"));
        Assert.Empty(host.Networks.Repair(apply: false));
    }

    private static void RequireFiltering() => Assert.SkipUnless(WhyNoFiltering() is null, $"this kernel's bridges keep no VLANs apart: {WhyNoFiltering()}");

    private static string? WhyNoFiltering() => Try(
        LinkRequest.Create(new NewLink("a", new BridgeKind()) { Index = 11 }), LinkRequest.JoinVlan(11, 2, isBridge: true));

    /// <summary>Why the kernel makes no links of VLANs; null when it does.</summary>
    internal static string? WhyNoVlans() => Try(
        LinkRequest.Create(new NewLink("a", new VethKind(new VethPeer("b"))) { Index = 11 }), LinkRequest.Create(new NewLink("c", new VlanKind(11, 2))));

    private static string? Try(params ReadOnlySpan<NetlinkRequest> requests)
    {
        using var network = NetworkNamespace.Create();
        using var links = NetlinkSocket.Open(network);
        return links.TryExecute(requests)[^1]?.Message;
    }

    private async Task<bool> ReachesAsync(Container container, string target) => (await host.ExecAsync(container.Name, $"busybox ping -c 1 -W 3 {target}")).Code == 0;

    private void Tag(Container container, string link, int vlan, string address)
    {
        using var network = host.NamespaceOf(container);
        Tag(network, link, vlan, address);
    }

    /// <summary>Gives a link a VLAN with an address.</summary>
    internal static void Tag(NetworkNamespace network, string link, int vlan, string address)
    {
        using var links = NetlinkSocket.Open(network);
        var name = $"{link}.{vlan}";
        links.Execute(LinkRequest.Create(new NewLink(name, new VlanKind(links.FindLink(link)!.Index, vlan)) { Up = true }));
        links.Execute(AddressRequest.Add(new LinkAddress(links.FindLink(name)!.Index, System.Net.IPAddress.Parse(address), 24)));
    }
}
