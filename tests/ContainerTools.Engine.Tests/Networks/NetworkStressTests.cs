namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Many containers on one network.</summary>
public class NetworkStressTests(NetworkFixture host) : IClassFixture<NetworkFixture>
{
    [Fact]
    public async Task Fifty_started_at_once_have_fifty_addresses_and_all_answer()
    {
        var containers = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(() => host.StartAsync($"at-once-{number}"))));
        Assert.Equal(50, containers.Select(container => container.IPAddress).Distinct().Count());
        Assert.Equal(50, containers.Select(container => container.Endpoint[0].IPv6Address).Distinct().Count());
        var line = string.Join(" && ", containers.Select(container => $"busybox ping -c 1 -W 2 {container.IPAddress}"));
        var (code, output) = await host.ExecAsync("at-once-0", line);
        Assert.True(code == 0, output);
        await Task.WhenAll(containers.Select(container => Task.Run(() => host.Containers.RemoveAsync(container.Id, force: true, TestContext.Current.CancellationToken))));
        Assert.DoesNotContain(host.Networks.Get("default").Endpoint, endpoint => endpoint.Container.StartsWith("at-once-", StringComparison.Ordinal));
        Assert.Empty(host.Engine.Repair(apply: false));
    }

    [Fact]
    public async Task Two_hundred_on_one_network_live_through_kills_and_flushes()
    {
        host.Networks.Create(new NetworkSpec { Name = "crowd", Subnet = ["10.77.0.0/23"] });
        var attachment = new NetworkAttachment { Name = "crowd" };
        var containers = new Container[200];
        await Parallel.ForAsync(0, containers.Length, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (number, _) =>
            containers[number] = await host.StartAsync(
                $"crowd-{number}",
                spec => spec with { Networks = [attachment], Ports = number % 10 == 0 ? [new PortMapping { HostPort = 10_000 + number, ContainerPort = 80 }] : [] },
                number % 10 == 0 ? NetworkFixture.Serve(80, $"n{number}") : []));
        Assert.Equal(200, containers.Select(container => container.IPAddress).Distinct().Count());
        Assert.Equal(200, host.Networks.Get("crowd").Endpoint.Count(endpoint => endpoint.Active));

        // Every seventh loses its monitor and its process, the firewall its rules.
        var random = new Random(7);
        foreach (var container in containers.Where((_, number) => number % 7 == 3))
        {
            NetworkRepairTests.Kill(Linux.Processes.ProcessStat.Read(container.Pid!.Value)!.Value.ParentPid);
            NetworkRepairTests.Kill(container.Pid!.Value);
            if (random.Next(4) == 0)
            {
                host.Tool("nft", "flush", "ruleset");
            }
        }

        host.Tool("nft", "flush", "ruleset");
        Assert.All(host.Engine.Repair(apply: true), action => Assert.True(action.Repaired, action.ToString()));
        Assert.All(host.Networks.Repair(apply: true), action => Assert.True(action.Repaired, action.ToString()));
        Assert.Empty(host.Engine.Repair(apply: false));
        foreach (var number in Enumerable.Range(0, 20).Select(index => index * 10))
        {
            var dead = number % 7 == 3;
            Assert.Equal(dead ? null : $"n{number}", (dead ? NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 10_000 + number, 300) : await NetworkFixture.FetchSoonAsync(host.Neighbour, NetworkFixture.HostAddress, 10_000 + number))?.Split(' ')[0]);
        }

        Assert.Equal(0, (await host.ExecAsync("crowd-0", "getent hosts crowd-198")).Code);
        Assert.NotEqual(0, (await host.ExecAsync("crowd-0", "getent hosts crowd-3")).Code);
        await Parallel.ForEachAsync(containers, TestContext.Current.CancellationToken, async (container, token) => await host.Containers.RemoveAsync(container.Id, force: true, token));
        host.Networks.Remove("crowd", force: false);
        Assert.Empty(host.Engine.Repair(apply: false));
    }

    [Fact]
    public async Task Left_overs_of_networks_are_found_and_go()
    {
        await host.StartAsync("whose-bridge-is-marked");
        host.Networks.Create(new NetworkSpec { Name = "gone" });
        var network = host.Networks.Get("gone");
        var pin = Path.Combine(host.Options.Run, "netns", new string('a', 64));
        Directory.CreateDirectory(Path.GetDirectoryName(pin)!);
        using (var lost = Linux.Netlink.NetworkNamespace.Create())
        {
            lost.Pin(pin);
        }

        var name = Path.Combine(host.Options.Run, "names", network.Id, new string('b', 64));
        Directory.CreateDirectory(Path.GetDirectoryName(name)!);
        File.WriteAllText(name, "address 10.0.0.9\nname ghost\n");
        host.Tool("ip", "link", "add", "ct-lost", "type", "bridge");
        var alias = host.Tool("ip", "-o", "link", "show", "type", "bridge").Split('\n').Select(line => line.Split("alias ")).First(words => words.Length > 1)[1].Split(' ')[0];
        host.Tool("ip", "link", "set", "ct-lost", "alias", $"{alias} {new string('c', 64)}");

        Assert.Equal(["Bridge", "Namespace", "File"], host.Engine.Repair(apply: true).Select(action => action.Kind));

        Assert.Empty(host.Engine.Repair(apply: false));
        Assert.False(File.Exists(pin) || File.Exists(name));
        Assert.DoesNotContain("ct-lost", host.Tool("ip", "link"));
    }
}
