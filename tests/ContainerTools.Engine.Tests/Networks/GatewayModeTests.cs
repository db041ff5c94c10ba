using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>What the host is to a network. Each test has a host of its own, whose rules it flushes to show that it was they who kept somebody out.</summary>
public sealed class GatewayModeTests : IAsyncLifetime
{
    private readonly NetworkFixture host = new();

    public ValueTask InitializeAsync() => host.InitializeAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData(GatewayMode.Nat, false, false)]
    [InlineData(GatewayMode.NatUnprotected, true, true)]
    [InlineData(GatewayMode.Routed, true, false)]
    public async Task From_outside_the_mode_decides_what_is_open_at_a_containers_own_address(GatewayMode mode, bool published, bool others)
    {
        host.Networks.Create(new NetworkSpec { Name = "shop", GatewayMode = mode, IPv6 = true });
        var web = await host.StartAsync(
            "web",
            spec => On("shop")(spec) with { Ports = [new PortMapping { HostPort = 8080, ContainerPort = 80 }] },
            "busybox", "sh", "-c", "socat TCP-LISTEN:81,fork,pf=ip6,ipv6only=0 SYSTEM:'echo hidden' & exec socat TCP-LISTEN:80,fork,pf=ip6,ipv6only=0 SYSTEM:'echo open'");
        host.LeadNeighbourTo("shop");
        Assert.NotNull(await NetworkFixture.FetchSoonAsync(host.Host.Namespace, web.IPAddress!, 80));
        Assert.NotNull(await NetworkFixture.FetchSoonAsync(host.Host.Namespace, web.IPAddress!, 81));

        AssertOpen(web, published, others);
        Assert.Equal(mode != GatewayMode.Routed, NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8080, 400) is not null);
        host.Flush();
        AssertOpen(web, true, true);
        Assert.True(Assert.Single(host.Networks.Repair(apply: true)).Repaired);
        AssertOpen(web, published, others);
    }

    [Theory]
    [InlineData(GatewayMode.Nat)]
    [InlineData(GatewayMode.Routed)]
    public async Task Only_where_the_host_translates_a_container_goes_out_under_the_hosts_address(GatewayMode mode)
    {
        host.Networks.Create(new NetworkSpec { Name = "shop", GatewayMode = mode, IPv6 = true });
        var web = await host.StartAsync("web", spec => On("shop")(spec) with { Ports = [new PortMapping { HostPort = 8080, ContainerPort = 80 }] }, NetworkFixture.Serve(80, "client"));
        host.LeadNeighbourTo("shop");
        var routed = mode == GatewayMode.Routed;
        using var outside = new Arrival(host.Neighbour, 9000);

        await host.ExecAsync("web", $"echo hello | socat - UDP:{NetworkFixture.NeighbourAddress}:9000");
        Assert.Equal(routed ? web.IPAddress : NetworkFixture.HostAddress, outside.Source());
        await host.ExecAsync("web", "echo hello | socat - UDP6:[2001:db8::2]:9000");
        Assert.Equal(routed ? web.Endpoint[0].IPv6Address : "2001:db8::1", outside.Source());

        // What comes in keeps its source in both; socat writes 192.0.2.2 as a mapped address in full.
        var (address, port) = routed ? (web.IPAddress!, 80) : (NetworkFixture.HostAddress, 8080);
        Assert.Contains(":ffff:c000:0202]", await NetworkFixture.FetchSoonAsync(host.Neighbour, address, port));
    }

    [Fact]
    public async Task The_host_has_no_part_in_an_isolated_network()
    {
        host.Networks.Create(new NetworkSpec { Name = "sealed", Internal = true, GatewayMode = GatewayMode.Isolated });
        await host.StartAsync("one", Powerful("sealed"));
        var two = await host.StartAsync("two", On("sealed"));
        using var atHost = new Arrival(host.Host.Namespace, 9000);
        Assert.Equal(0, (await host.ExecAsync("one", $"busybox ping -c 1 -W 2 {two.IPAddress}")).Code);
        Assert.DoesNotContain("inet", host.Tool("ip", "addr", "show", host.Networks.Get("sealed").InterfaceName!));

        // The host would answer for its other addresses on that link too.
        await host.ExecAsync("one", $"busybox ip route add {NetworkFixture.HostAddress} dev eth0; echo hello | socat - UDP:{NetworkFixture.HostAddress}:9000");
        Assert.Null(atHost.Source());
        host.Flush();
        await host.ExecAsync("one", $"echo hello | socat - UDP:{NetworkFixture.HostAddress}:9000");
        Assert.NotNull(atHost.Source());
    }

    [Fact]
    public async Task From_an_internal_network_no_way_leads_out_and_none_in()
    {
        host.Networks.Create(new NetworkSpec { Name = "inner", Internal = true });
        host.Networks.Create(new NetworkSpec { Name = "outer" });
        var inner = await host.StartAsync("inside", Powerful("inner"), NetworkFixture.Serve(80, "inside"));
        await host.StartAsync("web", spec => On("outer")(spec) with { Ports = [new PortMapping { HostPort = 8080, ContainerPort = 80 }] }, NetworkFixture.Serve(80, "web"));
        await host.StartAsync("other", On("outer"));
        host.LeadNeighbourTo("inner");
        var gateway = host.Networks.Get("inner").Subnet[0].Gateway;
        using var outside = new Arrival(host.Neighbour, 9000);
        using var atHost = new Arrival(host.Host.Namespace, 9000);
        const string published = $"socat -u TCP:{NetworkFixture.HostAddress}:8080,connect-timeout=1 -";
        const string send = $"echo hello | socat - UDP:{NetworkFixture.NeighbourAddress}:9000";
        Assert.NotNull(await NetworkFixture.FetchSoonAsync(host.Neighbour, NetworkFixture.HostAddress, 8080));
        Assert.NotNull(await NetworkFixture.FetchSoonAsync(host.Host.Namespace, inner.IPAddress!, 80));

        // A container that may change its routes tries by the host, which it reaches.
        Assert.Equal(0, (await host.ExecAsync("inside", $"busybox ip route add default via {gateway}; echo hello | socat - UDP:{gateway}:9000")).Code);
        Assert.Equal(inner.IPAddress, atHost.Source());
        await host.ExecAsync("inside", send);
        Assert.Null(outside.Source());
        Assert.NotEqual(0, (await host.ExecAsync("inside", published)).Code);
        Assert.NotEqual(0, (await host.ExecAsync("inside", published.Replace(NetworkFixture.HostAddress, gateway, StringComparison.Ordinal))).Code);
        Assert.Null(NetworkFixture.Fetch(host.Neighbour, inner.IPAddress!, 80, 400));
        Assert.Equal(
            "PublishNeedsBridge",
            (await Assert.ThrowsAsync<ContainerToolsException>(() => host.StartAsync("shown", spec => On("inner")(spec) with { Ports = [new PortMapping { ContainerPort = 80 }] }))).Code);

        // From another network both work, and without rules from this one too.
        Assert.StartsWith("web", (await host.ExecAsync("other", published)).Output);
        await host.ExecAsync("other", send);
        Assert.Equal(NetworkFixture.HostAddress, outside.Source());
        host.Flush();
        await host.ExecAsync("inside", send);
        Assert.Equal(inner.IPAddress, outside.Source());
        Assert.StartsWith("inside", NetworkFixture.Fetch(host.Neighbour, inner.IPAddress!, 80));
    }

    /// <summary>A container that may do with its own network as it likes.</summary>
    internal static Func<ContainerSpec, ContainerSpec> Powerful(params string[] networks) => spec => On(networks)(spec) with { CapabilityAdd = ["NET_ADMIN", "NET_RAW"] };

    private void AssertOpen(Container web, bool published, bool others)
    {
        foreach (var address in new[] { web.IPAddress!, web.Endpoint[0].IPv6Address! })
        {
            Assert.Equal((address, published, others), (address, NetworkFixture.Fetch(host.Neighbour, address, 80, 400) is not null, NetworkFixture.Fetch(host.Neighbour, address, 81, 400) is not null));
        }
    }
}
