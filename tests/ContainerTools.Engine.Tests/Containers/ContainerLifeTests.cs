using ContainerTools.Engine.Tests.Host;
using ContainerTools.Linux.Processes;

namespace ContainerTools.Engine.Tests.Containers;

public class ContainerLifeTests(EngineFixture host) : IClassFixture<EngineFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_container_is_made_started_stopped_started_again_and_removed()
    {
        var made = host.Containers.Create(EngineFixture.Shell("echo begun; trap 'exit 5' TERM; while :; do sleep 0.05; done") with { Name = "life" });
        Assert.Equal(ContainerState.Created, made.State);
        var started = await host.Containers.StartAsync("life", Token);
        Assert.Equal(ContainerState.Running, started.State);
        Assert.NotNull(started.Pid);
        await LogHasAsync("life", "begun");
        var stopped = await host.Containers.StopAsync("life", null, null, Token);
        Assert.Equal((ContainerState.Exited, 5), (stopped.State, stopped.ExitCode!.Value));
        Assert.Equal(ContainerState.Running, (await host.Containers.RestartAsync("life", null, Token)).State);
        await host.Containers.RemoveAsync("life", force: true, Token);
        Assert.Equal("ContainerNotFound", Assert.Throws<ContainerToolsException>(() => host.Containers.Get("life")).Code);
    }

    [Fact]
    public async Task The_writable_layer_survives_a_restart()
    {
        var id = host.Containers.Create(EngineFixture.Shell("echo x >> /count; wc -l < /count")).Id;
        for (var run = 1; run <= 3; run++)
        {
            await host.Containers.StartAsync(id, Token);
            await host.Containers.WaitAsync(id, ContainerWaitCondition.Exited, Token);
        }

        Assert.Equal(["1", "2", "3"], await LogAsync(id));
        await host.Containers.RemoveAsync(id, force: false, Token);
    }

    [Fact]
    public async Task A_stop_that_is_not_heeded_ends_in_a_kill()
    {
        var container = await StartAsync("trap '' TERM; echo deaf; while :; do sleep 0.05; done");
        await LogHasAsync(container.Id, "deaf");
        Assert.Equal(137, (await host.Containers.StopAsync(container.Id, TimeSpan.FromMilliseconds(300), null, Token)).ExitCode);
        await host.Containers.RemoveAsync(container.Id, force: false, Token);
    }

    [Fact]
    public async Task A_slow_stop_keeps_nobody_out()
    {
        var container = await StartAsync("trap '' TERM; echo deaf; while :; do sleep 0.05; done");
        await LogHasAsync(container.Id, "deaf");
        var slow = host.Containers.StopAsync(container.Id, TimeSpan.FromMinutes(10), null, Token);
        var other = host.Containers.StopAsync(container.Id, TimeSpan.FromMinutes(10), null, Token);
        await Task.Delay(200, Token);
        Assert.False(slow.IsCompleted);

        await host.Containers.RemoveAsync(container.Id, force: true, Token).WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(ContainerState.Exited, (await slow.WaitAsync(TimeSpan.FromSeconds(20), Token)).State);
        Assert.Equal(ContainerState.Exited, (await other.WaitAsync(TimeSpan.FromSeconds(20), Token)).State);
    }

    [Fact]
    public async Task Two_restarts_at_once_leave_one_running_container()
    {
        var container = await StartAsync("trap 'exit 0' TERM; echo up; while :; do sleep 0.05; done");
        await LogHasAsync(container.Id, "up");
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => host.Containers.RestartAsync(container.Id, null, Token))));
        Assert.All(both, restarted => Assert.Contains(restarted.State, (ContainerState[])[ContainerState.Running, ContainerState.Exited]));
        Assert.Equal(ContainerState.Running, host.Containers.Get(container.Id).State);
        await host.Containers.RemoveAsync(container.Id, force: true, Token);
    }

    [Fact]
    [Trait("Cgroup", "any")]
    public async Task A_command_runs_inside_a_running_container()
    {
        var container = await StartAsync("echo up; sleep 60");
        using var stdout = new MemoryStream();
        using var stderr = new MemoryStream();
        var result = await host.Containers.ExecAsync(
            container.Id,
            new ExecSpec { Command = ["sh", "-c", "readlink /proc/1/ns/pid; readlink /proc/self/ns/pid; echo $MODE; id -u; echo bad >&2; exit 9"], User = "1000", Environment = new Dictionary<string, string> { ["MODE"] = "debug" } },
            new ContainerStreams { Stdout = stdout, Stderr = stderr },
            Token);
        var lines = EngineFixture.Text(stdout).Split('\n');
        Assert.Equal(9, result.ExitCode);
        Assert.Equal(("debug", "1000", "bad\n"), (lines[^3], lines[^2], EngineFixture.Text(stderr)));
        await host.Containers.RemoveAsync(container.Id, force: true, Token);
    }

    [Theory]
    [InlineData("nosuchprogram", "CommandNotFound")]
    [InlineData("/etc/passwd", "CommandNotExecutable")]
    public async Task A_command_that_cannot_run_inside_is_told_apart(string command, string code)
    {
        var container = await StartAsync("sleep 60");
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => host.Containers.ExecAsync(container.Id, new ExecSpec { Command = [command] }, new ContainerStreams(), Token));
        Assert.Equal(code, error.Code);
        await host.Containers.RemoveAsync(container.Id, force: true, Token);
    }

    [Fact]
    public async Task Executing_in_a_stopped_container_is_refused()
    {
        var container = host.Containers.Create(EngineFixture.Shell("true"));
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => host.Containers.ExecAsync(container.Id, new ExecSpec { Command = ["true"] }, new ContainerStreams(), Token));
        Assert.Equal("ContainerNotRunning", error.Code);
        await host.Containers.RemoveAsync(container.Id, force: false, Token);
    }

    [Fact]
    public async Task Processes_are_seen_with_both_their_ids()
    {
        var container = await StartAsync("sleep 61 & echo up; wait");
        await LogHasAsync(container.Id, "up");

        // The shell's child is the shell until it has executed its program.
        await WaitForAsync(() => host.Containers.GetProcesses(container.Id).Any(process => process.CommandLine == "sleep 61"));
        var processes = host.Containers.GetProcesses(container.Id);
        Assert.Equal(container.Pid, processes.Single(process => process.Pid == 1).HostPid);
        Assert.Contains(processes, process => process.CommandLine == "sleep 61" && process.ParentHostPid == container.Pid);
        await host.Containers.RemoveAsync(container.Id, force: true, Token);
    }

    [Fact]
    public async Task An_init_of_the_engine_reaps_forwards_and_ends_with_the_programs_code()
    {
        var made = host.Containers.Create(new ContainerSpec { Image = EngineFixture.BaseImage, Command = ["sleep", "60"], Init = true });
        var container = await host.Containers.StartAsync(made.Id, Token);
        Assert.Equal(ContainerState.Running, host.Containers.Get(made.Id).State);
        var result = await host.Containers.ExecAsync(made.Id, new ExecSpec { Command = ["sh", "-c", "true & true & exec sleep 0.1"] }, new ContainerStreams(), Token);
        Assert.Equal(0, result.ExitCode);
        await WaitForAsync(() => host.Containers.GetProcesses(made.Id).Count == 2);
        var processes = host.Containers.GetProcesses(made.Id);
        Assert.Equal(("container-init", container.Pid), processes.Where(process => process.Pid == 1).Select(process => (process.CommandLine, (int?)process.HostPid)).Single());
        Assert.Contains(processes, process => process.CommandLine == "sleep 60" && process.ParentHostPid == container.Pid);

        // sleep has no handler: as process 1 it would have to be killed after the timeout.
        Assert.Equal(143, (await host.Containers.StopAsync(made.Id, TimeSpan.FromSeconds(30), null, Token)).ExitCode);
        await host.Containers.RemoveAsync(made.Id, force: false, Token);
    }

    [Fact]
    [Trait("Cgroup", "any")]
    public async Task A_paused_container_stands_still_and_goes_on()
    {
        var container = await StartAsync("sleep 60");
        Assert.Equal(ContainerState.Paused, host.Containers.Suspend(container.Id).State);
        Assert.Equal(ContainerState.Running, host.Containers.Resume(container.Id).State);
        await host.Containers.RemoveAsync(container.Id, force: true, Token);
    }

    [Fact]
    public async Task Signals_reach_the_first_process()
    {
        var container = await StartAsync("trap 'echo hup' HUP; echo up; while :; do sleep 0.05; done");
        await LogHasAsync(container.Id, "up");
        host.Containers.SendSignal(container.Id, "SIGHUP");
        await LogHasAsync(container.Id, "hup");
        Assert.Equal("InvalidSignal", Assert.Throws<ContainerToolsException>(() => host.Containers.SendSignal(container.Id, "HOP")).Code);
        await host.Containers.RemoveAsync(container.Id, force: true, Token);
    }

    [Fact]
    public async Task Names_are_unique_ids_have_prefixes_and_force_replaces()
    {
        var first = host.Containers.Create(EngineFixture.Shell("true") with { Name = "unique" });
        Assert.Equal("ContainerNameInUse", Assert.Throws<ContainerToolsException>(() => host.Containers.Create(EngineFixture.Shell("true") with { Name = "unique" })).Code);
        Assert.Equal("unique", host.Containers.Get(first.Id[..12]).Name);
        Assert.Equal("renamed", host.Containers.Rename("unique", "renamed").Name);
        Assert.Equal("InvalidContainerName", Assert.Throws<ContainerToolsException>(() => host.Containers.Rename("renamed", "no good")).Code);
        await host.Containers.RunAsync(EngineFixture.Shell("true") with { Name = "renamed", Force = true, Remove = true }, new ContainerStreams(), Token);
        Assert.Equal("ContainerNotFound", Assert.Throws<ContainerToolsException>(() => host.Containers.Get(first.Id)).Code);
    }

    [Fact]
    public async Task A_running_container_is_not_removed_without_force()
    {
        var container = await StartAsync("sleep 60");
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => host.Containers.RemoveAsync(container.Id, force: false, Token));
        Assert.Equal("ContainerRunning", error.Code);
        Assert.Equal(ContainerState.Running, host.Containers.Get(container.Id).State);
        await host.Containers.RemoveAsync(container.Id, force: true, Token);
    }

    [Fact]
    public async Task A_killed_monitor_leaves_a_dead_container_that_repair_mends()
    {
        var container = await StartAsync("sleep 60");
        var monitor = ProcessStat.Read(container.Pid!.Value)!.Value.ParentPid;
        Signal.TrySend(monitor, Signals.Kill);
        Signal.TrySend(container.Pid.Value, Signals.Kill);
        await WaitForAsync(() => host.Containers.Get(container.Id).State == ContainerState.Dead);
        Assert.Contains(host.Engine.Repair(apply: false), action => action.Target.Contains(container.Id, StringComparison.Ordinal));
        Assert.All(host.Engine.Repair(apply: true), action => Assert.True(action.Repaired));
        Assert.DoesNotContain(Mounted.Points(), path => path.Contains(container.Id, StringComparison.Ordinal));
        Assert.Equal(ContainerState.Running, (await host.Containers.StartAsync(container.Id, Token)).State);
        await host.Containers.RemoveAsync(container.Id, force: true, Token);
    }

    private async Task<Container> StartAsync(string line) =>
        await host.Containers.StartAsync(host.Containers.Create(EngineFixture.Shell(line)).Id, Token);

    private async Task<List<string>> LogAsync(string container)
    {
        var lines = new List<string>();
        await foreach (var entry in host.Containers.ReadLogAsync(container, new ContainerLogQuery(), Token))
        {
            lines.Add(entry.Message);
        }

        return lines;
    }

    private Task LogHasAsync(string container, string line) => WaitForAsync(async () => (await LogAsync(container)).Contains(line));

    private static Task WaitForAsync(Func<bool> condition) => WaitForAsync(() => Task.FromResult(condition()));

    private static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        for (var waited = 0; !await condition(); waited += 20)
        {
            Assert.True(waited < 20_000, "The condition did not come true within 20 s.");
            await Task.Delay(20, Token);
        }
    }
}
