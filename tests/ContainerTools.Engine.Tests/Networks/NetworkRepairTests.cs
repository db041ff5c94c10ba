using ContainerTools.Linux.Netlink;
using ContainerTools.Linux.Processes;
using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>What others break, and what crashes leave. Each test has a host of its own: a flush takes the rules of all.</summary>
public sealed class NetworkRepairTests : IAsyncLifetime
{
    private readonly NetworkFixture host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => host.InitializeAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task After_a_flush_a_repair_brings_all_ports_back()
    {
        await host.StartAsync("web", spec => spec with { Ports = [new PortMapping { HostPort = 8080, ContainerPort = 80 }] }, NetworkFixture.Serve(80, "web"));
        Assert.StartsWith("web", await NetworkFixture.FetchSoonAsync(host.Neighbour, NetworkFixture.HostAddress, 8080));
        Assert.Empty(host.Networks.Repair(apply: false));
        host.Tool("nft", "flush", "ruleset");
        Assert.Null(NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8080, 300));

        Assert.Equal("Rules", Assert.Single(host.Networks.Repair(apply: false)).Kind);
        Assert.True(Assert.Single(host.Networks.Repair(apply: true)).Repaired);

        Assert.StartsWith("web", NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8080));
        Assert.Empty(host.Networks.Repair(apply: false));
    }

    [Fact]
    public async Task A_network_whose_bridge_somebody_has_deleted_leaves_no_rules_when_it_is_removed()
    {
        host.Networks.Create(new NetworkSpec { Name = "lost", InterfaceName = "lost0" });
        host.Networks.Create(new NetworkSpec { Name = "unused", InterfaceName = "unused0" });
        await host.StartAsync("web", spec => On("lost")(spec) with { Ports = [new PortMapping { HostPort = 8080, ContainerPort = 80 }] });
        await host.Containers.RemoveAsync("web", force: true, Token);
        Assert.Contains("lost0", host.Tool("nft", "list", "ruleset"));
        host.Tool("ip", "link", "delete", "lost0");

        host.Networks.Remove("lost", force: false);
        host.Networks.Remove("unused", force: false);
        var rules = host.Tool("nft", "list", "ruleset");
        Assert.Contains("table inet containertools", rules);
        Assert.DoesNotContain("lost0", rules);
    }

    [Fact]
    public async Task A_start_after_a_flush_brings_the_rules_of_all_back()
    {
        await host.StartAsync("old", spec => spec with { Ports = [new PortMapping { HostPort = 8081, ContainerPort = 80 }] }, NetworkFixture.Serve(80, "old"));
        Assert.StartsWith("old", await NetworkFixture.FetchSoonAsync(host.Neighbour, NetworkFixture.HostAddress, 8081));
        host.Tool("nft", "flush", "ruleset");
        await host.StartAsync("new");
        Assert.StartsWith("old", NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8081));
        Assert.Equal(0, (await host.ExecAsync("new", $"busybox ping -c 1 -W 2 {NetworkFixture.NeighbourAddress}")).Code);
    }

    [Fact]
    public async Task A_bridge_or_a_link_that_somebody_has_deleted_is_made_again()
    {
        var one = await host.StartAsync("one");
        var two = await host.StartAsync("two");
        using var links = NetlinkSocket.Open(host.Host.Namespace);
        links.Execute(LinkRequest.Delete(one.Endpoint[0].HostInterfaceName!));
        Assert.Equal(["Link"], host.Networks.Repair(apply: true).Select(action => action.Kind));
        Assert.Equal(0, (await host.ExecAsync("one", $"busybox ping -c 1 -W 2 {two.IPAddress}")).Code);

        links.Execute(LinkRequest.Delete(host.Networks.Get("default").InterfaceName!));
        Assert.NotEqual(0, (await host.ExecAsync("one", $"busybox ping -c 1 -W 1 {two.IPAddress}")).Code);
        Assert.All(host.Networks.Repair(apply: true), action => Assert.True(action.Repaired, action.ToString()));
        Assert.Equal(0, (await host.ExecAsync("one", $"busybox ping -c 1 -W 2 {two.IPAddress}")).Code);
        Assert.Empty(host.Networks.Repair(apply: false));
    }

    [Fact]
    public async Task A_container_whose_monitor_was_killed_gives_its_ports_and_names_back()
    {
        var web = await host.StartAsync("web", spec => spec with { Ports = [new PortMapping { HostPort = 8082, ContainerPort = 80 }] }, NetworkFixture.Serve(80, "killed"));
        Kill(ProcessStat.Read(web.Pid!.Value)!.Value.ParentPid);
        Kill(web.Pid!.Value);
        var next = await host.StartAsync("next", spec => spec with { Ports = [new PortMapping { HostPort = 8082, ContainerPort = 80 }] }, NetworkFixture.Serve(80, "next"));
        Assert.StartsWith("next", await NetworkFixture.FetchSoonAsync(host.Neighbour, NetworkFixture.HostAddress, 8082));

        // What goes later with the dead one must not take the other's port along.
        await host.Containers.RemoveAsync("web", force: true, Token);
        Assert.StartsWith("next", NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8082));
        Assert.NotEqual(web.IPAddress, next.IPAddress);
    }

    [Fact]
    public async Task Forwarding_is_turned_on_without_making_the_host_deaf_to_its_own_routers()
    {
        host.Tool("busybox", "sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv6/conf/all/forwarding; echo 1 > /proc/sys/net/ipv6/conf/lan0/accept_ra");
        await host.StartAsync("any");
        Assert.Equal("1\n1\n2\n", host.Tool("busybox", "cat", "/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv6/conf/all/forwarding", "/proc/sys/net/ipv6/conf/lan0/accept_ra"));
    }

    [Fact]
    public async Task A_name_that_another_link_has_is_not_taken()
    {
        Assert.Equal("InterfaceNameInUse", Code(() => host.Networks.Create(new NetworkSpec { Name = "wrong", InterfaceName = "lan0" })));
        host.Networks.Create(new NetworkSpec { Name = "named", InterfaceName = "shop0", Mtu = 1400 });
        await host.StartAsync("in-shop", On("named"));
        Assert.Contains("mtu 1400", host.Tool("ip", "link", "show", "shop0"));
        Assert.Contains("mtu 1400", (await host.ExecAsync("in-shop", "busybox ip link show eth0")).Output);
        await host.Containers.RemoveAsync("in-shop", force: true, Token);
        host.Networks.Remove("named", force: false);
        Assert.DoesNotContain("shop0", host.Tool("ip", "link"));
        Assert.DoesNotContain("shop0", host.Tool("nft", "list", "ruleset"));
    }

    internal static void Kill(int pid)
    {
        using var process = Pidfd.Open(pid, ProcessStat.Read(pid)!.Value.StartTime)!;
        process.SendSignal(Signals.Kill);
        Poll.IsReadable(process.Handle, 5000);
        ChildReaper.Sweep();
    }
}
