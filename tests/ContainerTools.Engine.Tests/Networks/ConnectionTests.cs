namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Connecting and disconnecting, of containers that run and that do not.</summary>
public class ConnectionTests(NetworkFixture host) : IClassFixture<NetworkFixture>
{
    [Fact]
    public async Task A_running_container_is_connected_and_disconnected_at_once()
    {
        host.Networks.Create(new NetworkSpec { Name = "front" });
        host.Networks.Create(new NetworkSpec { Name = "back" });
        var one = await host.StartAsync("one", On("front"));
        var two = await host.StartAsync("two", On("back"));
        Assert.NotEqual(0, (await host.ExecAsync("one", $"busybox ping -c 1 -W 1 {two.IPAddress}")).Code);

        var endpoint = host.Networks.Connect("one", new NetworkAttachment { Name = "back", Alias = ["uno"], InterfaceName = "lan7" });

        Assert.Equal(("back", "lan7", true), (endpoint.Network, endpoint.InterfaceName, endpoint.Active));
        Assert.Equal(0, (await host.ExecAsync("one", $"busybox ping -c 1 -W 2 {two.IPAddress}")).Code);
        Assert.Contains(endpoint.IPAddress!, (await host.ExecAsync("one", "busybox cat /etc/hosts")).Output);
        Assert.Equal(["front", "back"], host.Containers.Get("one").Network);
        Assert.Equal("AlreadyConnected", Code(() => host.Networks.Connect("one", new NetworkAttachment { Name = "back" })));

        host.Networks.Disconnect("one", "back");

        Assert.DoesNotContain("lan7", (await host.ExecAsync("one", "busybox ip link")).Output);
        Assert.NotEqual(0, (await host.ExecAsync("one", $"busybox ping -c 1 -W 1 {two.IPAddress}")).Code);
        Assert.Equal(0, (await host.ExecAsync("one", $"busybox ping -c 1 -W 2 {NetworkFixture.NeighbourAddress}")).Code);
        Assert.Equal("NotConnected", Code(() => host.Networks.Disconnect("one", "back")));
        Assert.Single(host.Networks.Get("back").Endpoint);
    }

    [Fact]
    public async Task The_default_route_and_the_ports_follow_the_network_of_the_highest_priority()
    {
        host.Networks.Create(new NetworkSpec { Name = "low", Subnet = ["10.50.1.0/24"] });
        host.Networks.Create(new NetworkSpec { Name = "high", Subnet = ["10.50.2.0/24"] });
        await host.StartAsync("mover", spec => On("low")(spec) with { Ports = [new PortMapping { HostPort = 9001, ContainerPort = 80 }] }, NetworkFixture.Serve(80, "here"));
        Assert.StartsWith("here", await NetworkFixture.FetchSoonAsync(host.Neighbour, NetworkFixture.HostAddress, 9001));

        host.Networks.Connect("mover", new NetworkAttachment { Name = "high", Priority = 5 });
        Assert.Contains("default via 10.50.2.1 dev eth1", (await host.ExecAsync("mover", "busybox ip route")).Output);
        Assert.StartsWith("here", NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 9001));

        host.Networks.Disconnect("mover", "high");
        Assert.Contains("default via 10.50.1.1 dev eth0", (await host.ExecAsync("mover", "busybox ip route")).Output);
        Assert.StartsWith("here", NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 9001));
    }

    [Fact]
    public async Task Addresses_asked_for_are_given_and_kept_over_restarts()
    {
        host.Networks.Create(new NetworkSpec { Name = "fixed", Subnet = ["10.51.0.0/24", "fd51::/64"], ReservedAddress = ["10.51.0.2"], IPRange = ["10.51.0.0/28"] });
        var attachment = new NetworkAttachment { Name = "fixed", IPAddress = "10.51.0.77", IPv6Address = "fd51::77", MacAddress = "02:11:22:33:44:55" };
        var made = await host.StartAsync("pinned", spec => spec with { Networks = [attachment] });
        Assert.Equal(("10.51.0.77", "fd51::77", "02:11:22:33:44:55"), (made.IPAddress, made.Endpoint[0].IPv6Address, made.Endpoint[0].MacAddress));
        Assert.Equal("10.51.0.3", (await host.StartAsync("free", On("fixed"))).IPAddress);
        Assert.Equal("AddressInUse", Code(() => host.Containers.Create(new ContainerSpec { Image = NetworkFixture.Image, Name = "thief", Networks = [attachment with { MacAddress = null }] })));
        Assert.Equal("ContainerNotFound", Code(() => host.Containers.Get("thief")));

        var again = await host.Containers.RestartAsync("pinned", TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal("10.51.0.77", again.IPAddress);
        Assert.Contains("02:11:22:33:44:55", (await host.ExecAsync("pinned", "busybox ip link show eth0")).Output);
        Assert.Contains("fd51::77", (await host.ExecAsync("pinned", "busybox ip -6 addr show eth0")).Output);
    }

    [Fact]
    public async Task A_network_in_use_is_removed_only_by_force()
    {
        host.Networks.Create(new NetworkSpec { Name = "busy" });
        await host.StartAsync("user", On("busy"));
        var error = Assert.Throws<ContainerToolsException>(() => host.Networks.Remove("busy", force: false));
        Assert.Equal(("NetworkInUse", true), (error.Code, error.Message.Contains("user", StringComparison.Ordinal)));

        host.Networks.Remove("busy", force: true);

        Assert.Equal("NetworkNotFound", Code(() => host.Networks.Get("busy")));
        Assert.DoesNotContain("eth0", (await host.ExecAsync("user", "busybox ip link")).Output);
        await host.Containers.RestartAsync("user", TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Empty(host.Containers.Get("user").Endpoint);
    }

    [Fact]
    public async Task A_container_keeps_its_connections_to_networks_while_it_is_stopped()
    {
        host.Networks.Create(new NetworkSpec { Name = "later" });
        var made = host.Containers.Create(new ContainerSpec { Image = NetworkFixture.Image, Name = "sleeper", Command = ["busybox", "sleep", "600"], StopTimeout = TimeSpan.Zero });
        var endpoint = host.Networks.Connect("sleeper", new NetworkAttachment { Name = "later" });
        Assert.False(endpoint.Active);
        await host.Containers.StartAsync(made.Id, TestContext.Current.CancellationToken);
        Assert.Contains(endpoint.IPAddress!, (await host.ExecAsync("sleeper", "busybox ip addr show eth1")).Output);
    }

    [Theory]
    [InlineData("nowhere", null, null, "NetworkNotFound")]
    [InlineData("default", "300.1.1.1", null, "InvalidAddress")]
    [InlineData("default", "192.0.2.99", null, "AddressNotAssignable")]
    [InlineData("default", null, "zz:11", "InvalidMacAddress")]
    [InlineData("default", null, "01:00:5e:00:00:01", "InvalidMacAddress")]
    public void What_cannot_be_is_refused_and_nothing_is_made(string network, string? address, string? mac, string code)
    {
        Assert.Equal(code, Code(() => host.Containers.Create(
            new ContainerSpec { Image = NetworkFixture.Image, Name = "never", Networks = [new NetworkAttachment { Name = network, IPAddress = address, MacAddress = mac }] })));
        Assert.Equal("ContainerNotFound", Code(() => host.Containers.Get("never")));
    }

    internal static Func<ContainerSpec, ContainerSpec> On(params string[] networks) => spec => spec with { Networks = [.. networks.Select(name => new NetworkAttachment { Name = name })] };

    internal static string Code(Action action) => Assert.Throws<ContainerToolsException>(action).Code;
}
