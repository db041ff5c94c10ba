using ContainerTools.Engine.Storage;
using ContainerTools.Engine.Tests.Containers;
using ContainerTools.Linux.Processes;

namespace ContainerTools.Engine.Tests.Host;

/// <summary>Every kind of left-over: made, listed, removed, and not listed again.</summary>
public sealed class RepairTests(EngineFixture host) : IClassFixture<EngineFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_sound_store_has_none() => Assert.Empty(host.Engine.Repair(apply: true));

    [Fact]
    public async Task A_container_whose_monitor_was_killed_is_cleared_away_and_starts_again()
    {
        var container = await StartAsync();
        var monitor = ProcessStat.Read(container.Pid!.Value)!.Value.ParentPid;
        Signal.TrySend(monitor, Signals.Kill);
        await WaitForAsync(() => ProcessStat.Read(monitor) is null or { State: 'Z' });

        // The container's process lives on, and nobody would record its end.
        AssertRepaired(container.Id, "Process", "Cgroup", "Mount", "Network", "File");

        Assert.False(ProcessStat.Read(container.Pid.Value) is { State: not 'Z' });
        Assert.Empty(Remains.Mounts(host.Options));
        Assert.Empty(Remains.Cgroups([container.Id]));
        Assert.Equal(ContainerState.Dead, host.Containers.Get(container.Id).State);
        Assert.Equal(ContainerState.Running, (await host.Containers.StartAsync(container.Id, Token)).State);
        await host.Containers.RemoveAsync(container.Id, force: true, Token);
        Assert.Empty(Remains.Of(host.Options, container.Id));
    }

    [Fact]
    public async Task A_running_container_is_none() // The control of all others: what has an owner is never touched.
    {
        var container = await StartAsync();
        Assert.Empty(host.Engine.Repair(apply: true));
        Assert.Equal(ContainerState.Running, host.Containers.Get(container.Id).State);
        await host.Containers.RemoveAsync(container.Id, force: true, Token);
    }

    [Fact]
    public async Task A_container_that_lost_its_row_goes_with_everything()
    {
        var container = await StartAsync();
        WithCatalog(connection => connection.Execute("DELETE FROM containers WHERE id = $id", ("$id", container.Id)));
        AssertRepaired(container.Id, "Process", "Cgroup", "Mount", "Network", "File", "Container");
        Assert.Empty(Remains.Of(host.Options, container.Id));
    }

    [Fact]
    public void A_row_whose_container_was_never_made_goes()
    {
        var container = host.Containers.Create(EngineFixture.Shell("true"));
        Directory.Delete(Path.GetDirectoryName(container.LogPath)!, recursive: true);
        AssertRepaired(container.Name, "Container");
        Assert.Equal("ContainerNotFound", Assert.Throws<ContainerToolsException>(() => host.Containers.Get(container.Id)).Code);
    }

    [Fact]
    public void A_work_directory_without_an_owner_goes()
    {
        var directory = Path.Combine(host.Options.Root, "work", "import-0123");
        Directory.CreateDirectory(directory);
        File.WriteAllBytes(Path.Combine(directory, "blob"), new byte[1000]);
        var found = AssertRepaired("import-0123", "File");
        Assert.Equal(1000, found[0].Size);
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public void Files_that_no_row_knows_go()
    {
        var hex = new string('a', 64);
        var tree = Path.Combine(host.Options.Root, "layers", hex);
        Directory.CreateDirectory(Path.Combine(tree, "sub"));
        File.WriteAllText(Path.Combine(tree, "sub", "file"), "1234");
        var blobs = Path.Combine(host.Options.Root, "blobs", "sha256");
        Directory.CreateDirectory(blobs);
        File.WriteAllText(Path.Combine(blobs, hex), "12345");
        Assert.Equal([4L, 5], AssertRepaired(hex, "Layer", "Blob").Select(action => action.Size));
        Assert.False(Directory.Exists(tree));
        Assert.Empty(Directory.EnumerateFileSystemEntries(blobs));
    }

    [Fact]
    public async Task A_layer_that_no_image_uses_goes()
    {
        var built = await host.Engine.Builds.BuildAsync(new BuildRequest { DockerfileText = "FROM base\nWORKDIR /only/here\n", Tags = ["lonely"] }, null, Token);
        host.Engine.Images.Remove("lonely", force: false);
        var hex = built.Image.Layers[^1]["sha256:".Length..];

        // The build cache uses it: no left-over.
        Assert.Empty(host.Engine.Repair(apply: true));
        WithCatalog(connection => connection.Execute("DELETE FROM build_cache"));
        AssertRepaired(hex, "Layer");
    }

    [Fact]
    public void What_cannot_be_removed_is_told_and_keeps_none_of_the_others()
    {
        var stuck = Path.Combine(host.Options.Root, "work", "build-0123");
        var other = Path.Combine(host.Options.Root, "work", "build-4567");
        Directory.CreateDirectory(Path.Combine(stuck, "mounted"));
        Directory.CreateDirectory(other);
        Storage.LayerRoundTripTests.Run("mount", "-t", "tmpfs", "ct-test", Path.Combine(stuck, "mounted"));
        try
        {
            var actions = host.Engine.Repair(apply: true);
            var failed = Assert.Single(actions, action => action.Target == stuck);
            Assert.False(failed.Repaired);
            Assert.Contains("cannot be removed", failed.Reason);
            Assert.True(Assert.Single(actions, action => action.Target == other).Repaired);
        }
        finally
        {
            Linux.Mounts.Unmount.Detach(Path.Combine(stuck, "mounted"));
        }

        AssertRepaired("build-0123", "File");
    }

    private IReadOnlyList<RepairAction> AssertRepaired(string target, params string[] kinds)
    {
        var listed = host.Engine.Repair(apply: false);
        Assert.Equal(kinds, listed.Select(action => action.Kind).Distinct());
        Assert.All(listed, action => Assert.False(action.Repaired));
        Assert.Contains(listed, action => action.Target.Contains(target, StringComparison.Ordinal));
        var removed = host.Engine.Repair(apply: true);
        Assert.Equal(listed.Select(action => action with { Repaired = true }), removed);
        Assert.Empty(host.Engine.Repair(apply: false));
        return removed;
    }

    private async Task<Container> StartAsync() =>
        await host.Containers.StartAsync(host.Containers.Create(EngineFixture.Shell("sleep 1000")).Id, Token);

    private void WithCatalog(Action<Microsoft.Data.Sqlite.SqliteConnection> change)
    {
        using var catalog = new Catalog(Path.Combine(host.Options.Root, "catalog.db"));
        catalog.Write(change);
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        for (var waited = 0; !condition(); waited += 20)
        {
            Assert.True(waited < 20_000, "The condition did not come true within 20 s.");
            await Task.Delay(20, Token);
        }
    }
}
