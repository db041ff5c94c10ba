namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Containers on bridge networks, with real traffic.</summary>
[Trait("Kernel", "any")]
public class BridgeNetworkTests(NetworkFixture host) : IClassFixture<NetworkFixture>
{
    [Fact]
    public async Task A_container_gets_the_default_network_and_reaches_the_outside()
    {
        var container = await host.StartAsync("plain");

        var endpoint = Assert.Single(container.Endpoint);
        Assert.Equal(("default", "eth0", true), (endpoint.Network, endpoint.InterfaceName, endpoint.Active));
        var (code, output) = await host.ExecAsync("plain", $"busybox ip addr show eth0 && busybox ping -c 1 -W 2 {NetworkFixture.NeighbourAddress}");
        Assert.True(code == 0, output);
        Assert.Contains(endpoint.IPAddress!, output);
        Assert.Contains(endpoint.MacAddress, output);
    }

    [Fact]
    public async Task Containers_of_a_network_reach_one_another_and_those_of_others_do_not()
    {
        host.Networks.Create(new NetworkSpec { Name = "one" });
        host.Networks.Create(new NetworkSpec { Name = "two" });
        var a = await host.StartAsync("ann", spec => spec with { Networks = [new NetworkAttachment { Name = "one" }] });
        var b = await host.StartAsync("bob", spec => spec with { Networks = [new NetworkAttachment { Name = "one" }] });
        var c = await host.StartAsync("cid", spec => spec with { Networks = [new NetworkAttachment { Name = "two" }] });

        Assert.Equal(0, (await host.ExecAsync("ann", $"busybox ping -c 1 -W 2 {b.IPAddress}")).Code);
        Assert.Equal(0, (await host.ExecAsync("ann", $"busybox ping -6 -c 1 -W 2 {b.Endpoint[0].IPv6Address}")).Code);
        Assert.NotEqual(0, (await host.ExecAsync("ann", $"busybox ping -c 1 -W 1 {c.IPAddress}")).Code);
        Assert.NotEqual(0, (await host.ExecAsync("cid", $"busybox ping -6 -c 1 -W 1 {a.Endpoint[0].IPv6Address}")).Code);
    }

    [Fact]
    public async Task Published_ports_lead_to_the_container_from_everywhere()
    {
        var web = await host.StartAsync("web", spec => spec with { Ports = [new PortMapping { HostPort = 8080, ContainerPort = 80 }, new PortMapping { ContainerPort = 80 }] }, NetworkFixture.Serve(80, "hello"));

        // From outside the client's address is kept.
        Assert.Equal($"hello [::ffff:{NetworkFixture.NeighbourAddress}]\n", Short(await NetworkFixture.FetchSoonAsync(host.Neighbour, NetworkFixture.HostAddress, 8080)));
        Assert.Equal("hello [2001:db8::2]\n", Short(NetworkFixture.Fetch(host.Neighbour, "2001:db8::1", 8080)));
        Assert.StartsWith("hello ", NetworkFixture.Fetch(host.Host.Namespace, "127.0.0.1", 8080));
        Assert.StartsWith("hello ", NetworkFixture.Fetch(host.Host.Namespace, NetworkFixture.HostAddress, web.Port[1].HostPort));
        Assert.Equal(0, (await host.ExecAsync("web", $"socat -u TCP:{NetworkFixture.HostAddress}:8080 -")).Code);
        await host.Containers.StopAsync(web.Id, null, null, TestContext.Current.CancellationToken);
        Assert.Null(NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8080));
    }

    [Theory]
    [InlineData(NetworkDriver.Bridge)]
    [InlineData(NetworkDriver.Macvlan)]
    public async Task Counters_are_those_of_the_container(NetworkDriver driver)
    {
        var name = $"counted-{driver}";
        var spec = new NetworkSpec { Name = name, Driver = driver };
        host.Networks.Create(driver == NetworkDriver.Bridge ? spec : spec with { Parent = "lan0", Subnet = ["203.0.113.0/24"], IPv6 = false });
        await host.StartAsync($"{name}-to", ConnectionTests.On(name), "socat", "-u", "UDP-RECV:9000", "/dev/null");
        var from = await host.StartAsync($"{name}-from", ConnectionTests.On(name));
        var (code, output) = await host.ExecAsync(from.Name, $"busybox head -c 100000 /dev/zero | socat -u -b 1000 - UDP:{name}-to:9000");
        Assert.True(code == 0, output);

        var endpoints = host.Networks.List().Single(network => network.Name == name).Endpoint;
        var (sender, receiver) = (endpoints[0], endpoints[1]);
        Assert.Equal((from.Name, $"{name}-to"), (sender.Container, receiver.Container));
        Assert.InRange(sender.SentBytes!.Value, 100_000, 200_000);
        Assert.InRange(sender.ReceivedBytes!.Value, 0, 50_000);
        Assert.InRange(receiver.ReceivedBytes!.Value, 100_000, 200_000);
        Assert.InRange(receiver.SentBytes!.Value, 0, 50_000);
        Assert.InRange(sender.SentPackets!.Value, 100, 200);
        Assert.InRange(receiver.ReceivedPackets!.Value, 100, 200);

        await host.Containers.StopAsync($"{name}-to", null, null, TestContext.Current.CancellationToken);
        Assert.Null(host.Networks.Get(name).Endpoint[1].ReceivedBytes);
    }

    [Theory]
    [InlineData("no-servers", false, "nowhere")]
    [InlineData("no-resolver", true, "192.0.2.53")]
    public void Name_servers_that_cannot_be_are_refused_when_a_network_is_changed(string name, bool noDns, string server)
    {
        host.Networks.Create(new NetworkSpec { Name = name, NoDns = noDns });

        Assert.Equal("InvalidNetworkOption", Assert.Throws<ContainerToolsException>(() => host.Networks.Change(name, new NetworkChange { Dns = [server] })).Code);
        Assert.Empty(host.Networks.Get(name).Spec.Dns);
    }

    // socat writes IPv6 addresses in full.
    private static string? Short(string? line) => line is null ? null : $"{line.Split(' ')[0]} [{System.Net.IPAddress.Parse(line.Split('[', ']')[1])}]\n";
}
