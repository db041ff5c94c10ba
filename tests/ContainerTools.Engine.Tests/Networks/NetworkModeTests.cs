using ContainerTools.Linux.Netlink;
using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Containers on networks that are not theirs.</summary>
public class NetworkModeTests(NetworkFixture host) : IClassFixture<NetworkFixture>
{
    [Fact]
    public async Task Host_sees_the_hosts_links_and_none_only_a_loopback()
    {
        await host.StartAsync("of-host", On("host"));
        await host.StartAsync("alone", On("none"));
        Assert.Contains("lan0", (await host.ExecAsync("of-host", "busybox ip link")).Output);
        Assert.Equal("1", (await host.ExecAsync("alone", "busybox ip -o link | busybox wc -l")).Output.Trim());
        Assert.Equal("NetworkModeFixed", Code(() => host.Networks.Connect("alone", new NetworkAttachment { Name = "default" })));
    }

    [Fact]
    public async Task A_container_can_use_the_network_and_the_name_of_another()
    {
        await host.StartAsync("owner", null, NetworkFixture.Serve(7000, "owner"));
        await host.StartAsync("guest", On("container:owner"));
        Assert.StartsWith("owner", (await host.ExecAsync("guest", "for i in 1 2 3 4 5 6 7 8 9; do socat -u TCP:127.0.0.1:7000 - && break; busybox sleep 0.2; done")).Output);
        Assert.Equal((await host.ExecAsync("owner", "busybox hostname; busybox cat /etc/hosts")).Output, (await host.ExecAsync("guest", "busybox cat /etc/hostname /etc/hosts")).Output);

        await host.Containers.StopAsync("owner", TimeSpan.Zero, null, TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => host.StartAsync("late", On("container:owner")));
        Assert.Equal("ContainerNotRunning", error.Code);
    }

    [Fact]
    public async Task A_container_can_join_a_namespace_by_its_path()
    {
        var path = Path.Combine(host.Options.Root, "a-namespace");
        using var other = NetworkNamespace.Create();
        other.Pin(path);
        try
        {
            using (var links = NetlinkSocket.Open(other))
            {
                links.Execute(LinkRequest.Create(new NewLink("wire0", new VethKind(new VethPeer("wire1")))));
            }

            await host.StartAsync("joined", On($"ns:{path}"));
            Assert.Contains("wire1", (await host.ExecAsync("joined", "busybox ip link")).Output);
        }
        finally
        {
            await host.Containers.RemoveAsync("joined", force: true, TestContext.Current.CancellationToken);
            NetworkNamespace.Unpin(path);
        }

        Assert.Equal("NetworkNamespaceNotFound", (await Assert.ThrowsAsync<ContainerToolsException>(() => host.StartAsync("lost", On($"ns:{path}")))).Code);
    }

    [Theory]
    [InlineData("container:")]
    [InlineData("ns:")]
    public void A_mode_without_a_target_is_refused(string network) =>
        Assert.Equal("InvalidNetwork", Code(() => host.Containers.Create(On(network)(new ContainerSpec { Image = NetworkFixture.Image }))));

    [Fact]
    public void Ports_are_published_on_networks_of_ones_own_only() => Assert.Equal(
        "PublishNeedsBridge", Code(() => host.Containers.Create(On("host")(new ContainerSpec { Image = NetworkFixture.Image, Ports = [new PortMapping { ContainerPort = 80 }] }))));

    [Fact]
    public async Task Hosts_and_name_servers_are_as_asked_for()
    {
        await host.StartAsync("told", spec => spec with
        {
            HostName = "teller",
            ExtraHosts = new Dictionary<string, string> { ["printer"] = "192.0.2.50", ["mother"] = "host-gateway" },
            DnsSearch = ["example.org"],
            DnsOptions = ["ndots:2"],
        });
        var gateway = host.Networks.Get("default").Subnet[0].Gateway;
        var hosts = (await host.ExecAsync("told", "busybox cat /etc/hosts")).Output;
        Assert.Contains("192.0.2.50\tprinter\n", hosts);
        Assert.Contains($"{gateway}\tmother\n", hosts);
        Assert.Contains($"{gateway}\thost.containers.internal\n", hosts);
        Assert.Contains($"{host.Containers.Get("told").IPAddress}\tteller\n", hosts);
        Assert.Equal("nameserver 127.0.0.11\nsearch example.org\noptions ndots:2\n", (await host.ExecAsync("told", "busybox cat /etc/resolv.conf")).Output);
    }

    [Fact]
    public async Task A_container_is_no_router_and_may_use_low_ports_without_being_root()
    {
        await host.StartAsync("user-of-ports", spec => spec with { User = "1000", Sysctls = new Dictionary<string, string> { ["net.ipv4.ip_default_ttl"] = "77" } });
        Assert.Equal("0\n0\n77\n", (await host.ExecAsync("user-of-ports", "busybox cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/net/ipv4/ip_default_ttl")).Output);
    }
}
