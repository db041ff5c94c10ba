using ContainerTools.Engine.Tests.Containers;

namespace ContainerTools.Engine.Tests.Host;

/// <summary>SIGKILL for the calling process: at moments chosen by what it is at, and at random. The store must work on, and a repair must find all that was left.</summary>
public class KilledCallerTests(EngineFixture host) : IClassFixture<EngineFixture>
{
    private const int Rounds = 6;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_build_killed_in_a_RUN_step_leaves_a_container_that_repair_ends()
    {
        using var context = new TemporaryDirectory();
        await File.WriteAllTextAsync(context.PathOf("Dockerfile"), "FROM base\nRUN echo made > /file; echo begun; sleep 1000\n", Token);
        using (var worker = await WorkerProcess.StartAsync(host.Options, "build", context.Path, "killed:run"))
        {
            worker.Go();
            await worker.SaysAsync("log begun");
            worker.Kill();
        }

        // The control: there is much to find.
        Assert.NotEmpty(Remains.Mounts(host.Options));
        Assert.NotEmpty(Remains.Processes(host.Options));
        Assert.Equal(["Cgroup", "File", "Mount", "Network", "Process"], host.Engine.Repair(apply: false).Select(action => action.Kind).Distinct().Order());
        await AssertMendedAsync();
        await AssertBuildsAsync(context, "FROM base\nRUN echo made > /file\n");
    }

    [Theory]
    [InlineData("at 0:2")]
    [InlineData("at 0:3")]
    [InlineData("log one")]
    [InlineData("log two")]
    public async Task A_build_killed_at_a_step_can_be_repeated(string moment)
    {
        using var context = new TemporaryDirectory();
        const string Dockerfile = "FROM base\nCOPY data /data\nRUN echo one; ls / > /list; echo two\nWORKDIR /deep/er\n";
        await File.WriteAllBytesAsync(context.PathOf("data"), new byte[5_000_000], Token);
        await File.WriteAllTextAsync(context.PathOf("Dockerfile"), Dockerfile, Token);
        using (var worker = await WorkerProcess.StartAsync(host.Options, "build", context.Path, "killed:step"))
        {
            worker.Go();
            await worker.SaysAsync(moment);
            worker.Kill();
        }

        await AssertBuildsAsync(context, Dockerfile);
        await AssertMendedAsync();
    }

    [Fact]
    public async Task A_build_killed_at_random_moments_can_be_repeated()
    {
        using var context = new TemporaryDirectory();
        const string Dockerfile = "FROM base\nCOPY data /data\nRUN ls / > /list\nRUN cat /list > /copy\n";
        await File.WriteAllBytesAsync(context.PathOf("data"), new byte[1_000_000], Token);
        await File.WriteAllTextAsync(context.PathOf("Dockerfile"), Dockerfile, Token);
        await KillAtRandomAsync(["build", context.Path, "killed:random"], () => AssertBuildsAsync(context, Dockerfile));
    }

    [Fact]
    public async Task An_import_killed_at_random_moments_can_be_repeated()
    {
        using var directory = new TemporaryDirectory();
        var archive = directory.PathOf("archive.tar");
        await host.Engine.Images.ExportAsync(new ImageExportRequest { Images = [EngineFixture.BaseImage], Path = archive }, null, Token);
        var other = new EngineOptions { Root = directory.PathOf("root"), Run = directory.PathOf("run"), RuntimePath = EngineFixture.RuntimePath };
        using var engine = new ContainerEngineFactory().Open(other);
        for (var round = 0; round < Rounds; round++)
        {
            await KillAfterAsync(other, round, ["import", archive, "imported"]);
            Assert.All(engine.Repair(apply: true), action => Assert.True(action.Repaired, action.ToString()));
            Assert.Empty(engine.Repair(apply: false));

            // Whole or not there at all.
            if (engine.Images.List().Count > 0)
            {
                await engine.Images.ExportAsync(new ImageExportRequest { Images = ["imported"], Path = directory.PathOf("again"), Force = true }, null, Token);
                engine.Images.Remove("imported", force: false);
            }

            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(other.Root, "layers")));
            await engine.Images.ImportAsync(new ImageImportRequest { Path = archive, Tags = ["whole"] }, null, Token);
            engine.Images.Remove("whole", force: false);
        }
    }

    [Theory]
    [InlineData("start", "sleep", "1000")]
    [InlineData("run", "sleep", "1000")]
    [InlineData("run", "true")]
    public async Task A_start_killed_at_random_moments_leaves_a_container_that_can_be_removed(string verb, params string[] command)
    {
        var name = $"killed-{verb}-{command[0]}";
        await KillAtRandomAsync([verb, EngineFixture.BaseImage, name, .. command], async () =>
        {
            if (host.Containers.List().FirstOrDefault(container => container.Name == name) is { } left)
            {
                Assert.Contains(left.State, (ContainerState[])[ContainerState.Created, ContainerState.Running, ContainerState.Exited, ContainerState.Dead]);
                await host.Containers.RemoveAsync(left.Id, force: true, Token);
                Assert.Empty(Remains.Cgroups([left.Id]));
            }

            Assert.Equal((0, "next\n", ""), await host.ShellAsync("echo next", spec => spec with { Name = name }));
        });
        Assert.Empty(host.Containers.List());
    }

    private async Task KillAtRandomAsync(string[] verb, Func<Task> works)
    {
        for (var round = 0; round < Rounds; round++)
        {
            await KillAfterAsync(host.Options, round, verb);
            if (round % 2 == 0)
            {
                // Half of the time the next operation meets what was left, half of the time the repair comes first.
                await works();
            }

            await AssertMendedAsync();
            await works();
        }
    }

    /// <summary>Kills a little later in each round; the whole operation takes about as long as the last.</summary>
    private static async Task KillAfterAsync(EngineOptions options, int round, string[] verb)
    {
        using var worker = await WorkerProcess.StartAsync(options, verb);
        worker.Go();
        await Task.Delay(Random.Shared.Next(80 * round, 80 * (round + 1)), Token);
        worker.Kill();
    }

    private async Task AssertMendedAsync()
    {
        Assert.All(host.Engine.Repair(apply: true), action => Assert.True(action.Repaired, action.ToString()));
        Assert.Empty(host.Engine.Repair(apply: false));
        var running = host.Containers.List().Select(container => container.Id).ToList();
        Assert.DoesNotContain(Remains.Mounts(host.Options), path => !running.Any(path.Contains));
        Assert.DoesNotContain(Remains.Processes(host.Options), line => !running.Any(line.Contains));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(host.Options.Root, "work")));
    }

    private async Task AssertBuildsAsync(TemporaryDirectory context, string dockerfile)
    {
        var result = await host.Engine.Builds.BuildAsync(new BuildRequest { ContextPath = context.Path, DockerfileText = dockerfile, Tags = ["works"] }, null, Token);
        await host.Engine.Images.ExportAsync(new ImageExportRequest { Images = [result.Image.Id], Path = context.PathOf("whole.tar"), Force = true }, null, Token);
        File.Delete(context.PathOf("whole.tar"));
    }
}
