using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Networks whose links are put upon a link of the host's.</summary>
[Trait("Kernel", "any")]
public class UponLinkTests(NetworkFixture host) : IClassFixture<NetworkFixture>
{
    [Theory]
    [InlineData(MacvlanMode.Bridge, true)]
    [InlineData(MacvlanMode.Private, false)]
    public async Task A_macvlan_reaches_the_neighbours_and_by_its_mode_its_own(MacvlanMode mode, bool oneAnother)
    {
        var name = $"mac-{mode}";
        host.Networks.Create(new NetworkSpec { Name = name, Driver = NetworkDriver.Macvlan, Parent = "lan0", MacvlanMode = mode, Subnet = [mode == MacvlanMode.Bridge ? "192.0.2.0/25" : "198.51.100.0/24"], Gateway = [mode == MacvlanMode.Bridge ? "192.0.2.2" : "198.51.100.1"], IPv6 = false });
        var one = await host.StartAsync($"{name}-1", On(name));
        var two = await host.StartAsync($"{name}-2", On(name));
        Assert.Equal(oneAnother ? 0 : 1, (await host.ExecAsync(one.Name, $"busybox ping -c 1 -W 1 {two.IPAddress}")).Code);
        if (mode == MacvlanMode.Bridge)
        {
            Assert.Equal(0, (await host.ExecAsync(one.Name, $"busybox ping -c 1 -W 2 {NetworkFixture.NeighbourAddress}")).Code);
        }
    }

    [Fact]
    public void What_a_driver_cannot_do_is_refused()
    {
        Assert.Equal("ParentNotFound", Code(() => host.Networks.Create(new NetworkSpec { Name = "m", Driver = NetworkDriver.Macvlan, Parent = "eth9" })));
        Assert.Equal("InvalidNetworkOption", Code(() => host.Networks.Create(new NetworkSpec { Name = "m", Driver = NetworkDriver.Macvlan })));
        Assert.Equal("InvalidNetworkOption", Code(() => host.Networks.Create(new NetworkSpec { Name = "m", Parent = "lan0" })));
        Assert.Equal("InvalidNetworkOption", Code(() => host.Networks.Create(new NetworkSpec { Name = "m", GatewayMode = GatewayMode.Isolated })));
        Assert.Equal("InvalidNetworkOption", Code(() => host.Networks.Create(new NetworkSpec { Name = "m", Mtu = 20 })));
        Assert.Equal("InvalidNetworkOption", Code(() => host.Networks.Create(new NetworkSpec { Name = "m", Dns = ["here"] })));
        Assert.Equal("InvalidNetworkName", Code(() => host.Networks.Create(new NetworkSpec { Name = "host" })));
        Assert.Equal("InvalidNetworkName", Code(() => host.Networks.Create(new NetworkSpec { Name = "-x" })));
        Assert.Equal("InvalidGateway", Code(() => host.Networks.Create(new NetworkSpec { Name = "m", Subnet = ["10.1.0.0/24"], Gateway = ["10.2.0.1"] })));
        Assert.DoesNotContain(host.Networks.List(), network => network.Name is "m" or "host" or "-x");
    }

    [Fact]
    public async Task Ports_cannot_be_published_on_a_macvlan()
    {
        host.Networks.Create(new NetworkSpec { Name = "plain-mac", Driver = NetworkDriver.Macvlan, Parent = "lan0", Subnet = ["203.0.113.0/24"], IPv6 = false });
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => host.StartAsync("mac-web", spec => On("plain-mac")(spec) with { Ports = [new PortMapping { ContainerPort = 80 }] }));
        Assert.Equal("PublishNeedsBridge", error.Code);
    }
}
