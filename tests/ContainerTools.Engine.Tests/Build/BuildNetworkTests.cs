using System.Collections.Concurrent;
using ContainerTools.Engine.Tests.Host;
using ContainerTools.Engine.Tests.Networks;
using ContainerTools.Linux.Netlink;
using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Build;

/// <summary>RUN steps on networks, with real traffic.</summary>
public class BuildNetworkTests(NetworkFixture host) : IClassFixture<NetworkFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_step_reaches_the_outside_and_finds_containers_of_its_network_by_name()
    {
        host.Networks.Create(new NetworkSpec { Name = "shop" });
        await host.StartAsync("repository", On("shop"), NetworkFixture.Serve(80, "packages"));
        using var outside = new Arrival(host.Neighbour, 9000);

        var lines = await BuildAsync($"RUN echo hello | socat - UDP:{NetworkFixture.NeighbourAddress}:9000 && getent hosts repository && socat -u TCP:repository:80,retry=20,interval=0.1 -", "shop");
        Assert.Equal(NetworkFixture.HostAddress, outside.Source());
        Assert.Contains(lines, line => line.StartsWith("packages", StringComparison.Ordinal));

        // Without a word it is the default network, which has other containers.
        lines = await BuildAsync($"RUN echo hello | socat - UDP:{NetworkFixture.NeighbourAddress}:9000; getent hosts repository || echo unknown", null);
        Assert.Equal(NetworkFixture.HostAddress, outside.Source());
        Assert.Contains("unknown", lines);
        await AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData(null, "", "lo eth0")]
    [InlineData(null, "--network=default ", "lo eth0")]
    [InlineData(null, "--network=none ", "lo")]
    [InlineData(null, "--network=host ", "host")]
    [InlineData("none", "", "lo")]
    [InlineData("none", "--network=default ", "lo")]
    [InlineData("host", "", "host")]
    public async Task An_instruction_has_the_network_of_the_build_unless_it_names_another(string? network, string flag, string expected)
    {
        var lines = await BuildAsync($"RUN {flag}busybox ip -o link | busybox cut -d: -f2 | busybox cut -d@ -f1", network);
        var links = lines.Where(line => line.StartsWith(' ')).Select(line => line.Trim()).ToList();
        if (expected == "host")
        {
            Assert.Contains("lan0", links);
        }
        else
        {
            Assert.Equal(expected.Split(' '), links);
        }
    }

    [Fact]
    public async Task Steps_of_several_stages_at_once_have_an_address_each()
    {
        var stages = Enumerable.Range(0, 4).Select(number => $"FROM {NetworkFixture.Image} AS s{number}\nRUN busybox hostname -i > /address{number}; busybox sleep 0.2\n");
        var result = await host.Engine.Builds.BuildAsync(
            new BuildRequest
            {
                DockerfileText = string.Concat(stages) + $"FROM {NetworkFixture.Image}\n" + string.Concat(Enumerable.Range(0, 4).Select(number => $"COPY --from=s{number} /address{number} /\n")),
                Tags = ["stages"],
                ThrottleLimit = 4,
            },
            null,
            Token);
        var seen = await host.StartAsync("reader", spec => On("none")(spec) with { Image = "stages" });
        var addresses = (await host.ExecAsync(seen.Name, "busybox cat /address0 /address1 /address2 /address3")).Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(address => address.Contains('.')).ToList();
        Assert.Equal(4, addresses.Distinct().Count());
        Assert.Equal(4, addresses.Count);

        // The same steps again are found, whatever addresses they would have.
        var again = await host.Engine.Builds.BuildAsync(new BuildRequest { DockerfileText = stages.First(), Tags = ["again"] }, null, Token);
        Assert.Equal(1, again.CacheHits);
    }

    [Fact]
    public async Task A_build_that_is_cancelled_leaves_nothing_and_its_network_is_in_use_until_then()
    {
        host.Networks.Create(new NetworkSpec { Name = "slow" });
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var begun = new TaskCompletionSource();
        var build = host.Engine.Builds.BuildAsync(
            new BuildRequest { DockerfileText = $"FROM {NetworkFixture.Image}\nRUN echo begun; busybox sleep 60\n", Network = "slow", NoCache = true },
            new Lines(line => _ = line == "begun" && begun.TrySetResult()),
            source.Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal("NetworkInUse", Code(() => host.Networks.Remove("slow", force: false)));
        using (var links = NetlinkSocket.Open(host.Host.Namespace))
        {
            var bridge = links.FindLink(host.Networks.Get("slow").InterfaceName!)!;
            Assert.Single(links.GetLinks(), link => link.Master == bridge.Index);
        }

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        host.Networks.Remove("slow", force: false);
        await AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData("nowhere", "NetworkNotFound")]
    [InlineData("container:db", "InvalidNetwork")]
    [InlineData("ns:/run/netns/x", "InvalidNetwork")]
    public async Task A_network_that_cannot_be_is_refused_before_anything_is_done(string network, string code) => Assert.Equal(
        code,
        (await Assert.ThrowsAsync<ContainerToolsException>(() => BuildAsync("RUN true", network))).Code);

    [Fact]
    public async Task What_a_build_that_was_killed_has_of_networks_is_found_and_taken_away()
    {
        var context = Directory.CreateTempSubdirectory("ct-context-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(context, "Dockerfile"), $"FROM {NetworkFixture.Image}\nRUN busybox sleep 60\n", Token);
            using var worker = await WorkerProcess.StartAsync(host.Options, "build", context, "killed");
            worker.Go();
            await UntilAsync(() => Ports() == 1 && Directory.EnumerateFiles(host.Options.Root, "state.json", SearchOption.AllDirectories).Any());
            worker.Kill();
            Assert.Equal("NetworkInUse", Code(() => host.Networks.Remove("default", force: false)));

            var actions = host.Engine.Repair(apply: true);
            Assert.All(actions, action => Assert.True(action.Repaired, action.ToString()));
            Assert.Contains(actions, action => action.Kind == "Network");
            await UntilAsync(() => Ports() == 0);
            await AssertNothingLeftAsync();
            host.Networks.Remove("default", force: false);
        }
        finally
        {
            Directory.Delete(context, recursive: true);
        }
    }

    private async Task<IReadOnlyList<string>> BuildAsync(string instruction, string? network)
    {
        var lines = new ConcurrentQueue<string>();
        var request = new BuildRequest { DockerfileText = $"FROM {NetworkFixture.Image}\n{instruction}\n", NoCache = true };
        await host.Engine.Builds.BuildAsync(network is null ? request : request with { Network = network }, new Lines(lines.Enqueue), Token);
        return [.. lines];
    }

    // How many links the bridge of the default network has.
    private int Ports()
    {
        using var links = NetlinkSocket.Open(host.Host.Namespace);
        return host.Networks.List().FirstOrDefault(network => network.Name == "default") is { } network && links.FindLink(network.InterfaceName!) is { } bridge
            ? links.GetLinks().Count(link => link.Master == bridge.Index)
            : 0;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var attempt = 0; !condition(); attempt++)
        {
            Assert.True(attempt < 400, "It did not come about.");
            await Task.Delay(50, Token);
        }
    }

    // Links, pins and leases of steps; containers of other tests of this class may have theirs.
    private async Task AssertNothingLeftAsync()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(host.Options.Root, "work")));
        Assert.DoesNotContain(host.Engine.Repair(apply: false), action => action.Kind is "Namespace" or "Network" or "Mount");
        using var links = NetlinkSocket.Open(host.Host.Namespace);
        var containers = host.Containers.List().SelectMany(container => container.Endpoint).Select(endpoint => endpoint.HostInterfaceName).ToHashSet();

        // The kernel takes the links of a dropped namespace away in a work queue (cleanup_net).
        await UntilAsync(() => !links.GetLinks().Any(link => link.Name.StartsWith("ve", StringComparison.Ordinal) && !containers.Contains(link.Name)));
    }

    private sealed class Lines(Action<string> take) : IProgress<EngineProgress>
    {
        public void Report(EngineProgress value)
        {
            if (value.LogLine is { } line)
            {
                take(line);
            }
        }
    }
}
