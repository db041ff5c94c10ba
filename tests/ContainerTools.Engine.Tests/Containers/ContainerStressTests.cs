using ContainerTools.Engine.Tests.Host;

namespace ContainerTools.Engine.Tests.Containers;

public class ContainerStressTests(EngineFixture host) : IClassFixture<EngineFixture>
{
    [Fact]
    public async Task Five_hundred_one_after_another_leave_nothing()
    {
        var ids = new List<string>();
        for (var run = 0; run < 500; run++)
        {
            var exit = await host.Containers.RunAsync(EngineFixture.Shell("true") with { Remove = true }, new ContainerStreams(), TestContext.Current.CancellationToken);
            Assert.Equal(0, exit.ExitCode);
            ids.Add(exit.Id);
        }

        Assert.Equal(500, ids.Distinct().Count());
        Assert.Empty(Remains.Of(host.Options, ids));
        Assert.Empty(host.Containers.List());
        Assert.Empty(host.Engine.Repair(apply: false));
    }

    [Fact]
    public async Task Fifty_at_once_all_end_well_and_leave_nothing()
    {
        var exits = await Task.WhenAll(Enumerable.Range(0, 50).Select(index => Task.Run(async () =>
        {
            using var output = new MemoryStream();
            var exit = await host.Containers.RunAsync(
                EngineFixture.Shell($"echo {index}") with { Remove = true }, new ContainerStreams { Stdout = output }, TestContext.Current.CancellationToken);
            Assert.Equal((0, $"{index}\n"), (exit.ExitCode, EngineFixture.Text(output)));
            return exit.Id;
        })));
        Assert.Empty(Remains.Of(host.Options, exits));
        Assert.Empty(host.Engine.Repair(apply: false));
    }

    [Fact]
    public async Task Fifty_run_at_the_same_time_and_go_at_the_same_time()
    {
        var containers = await Task.WhenAll(Enumerable.Range(0, 50).Select(index => Task.Run(() =>
            host.Containers.StartAsync(host.Containers.Create(EngineFixture.Shell("sleep 1000")).Id, TestContext.Current.CancellationToken))));
        Assert.All(containers, container => Assert.Equal(ContainerState.Running, container.State));

        // The control: the inventory sees what runs: root file systems and network namespaces.
        Assert.Equal(100, Remains.Mounts(host.Options).Count());
        Assert.Equal(50, Remains.Processes(host.Options).Count());
        Assert.NotEmpty(Remains.Cgroups([containers[0].Id]));

        await Task.WhenAll(containers.Select(container => Task.Run(() => host.Containers.RemoveAsync(container.Id, force: true, TestContext.Current.CancellationToken))));
        Assert.Empty(Remains.Of(host.Options, containers.Select(container => container.Id)));
    }
}
