using ContainerTools.Engine.Storage;
using ContainerTools.Engine.Tests.Containers;

namespace ContainerTools.Engine.Tests.Storage.Accounting;

/// <summary>Clearing frees what was promised, to the byte, and takes nothing that is of use.</summary>
public sealed class ClearTests : IAsyncLifetime
{
    private readonly FilledStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData(StorageKind.Image)]
    [InlineData(StorageKind.BuildCache)]
    [InlineData(StorageKind.Log)]
    [InlineData(StorageKind.Partial)]
    [InlineData(StorageKind.Work)]
    [InlineData(StorageKind.Container, StorageKind.Log)]
    public async Task A_kind_frees_what_its_row_says(params StorageKind[] freed)
    {
        var rows = _store.Storage.GetUsage();
        var expected = rows.Where(row => freed.Contains(row.Kind)).Sum(row => row.Reclaimable);
        Assert.True(expected > 0, "There is nothing to clear.");

        var request = new ReclaimRequest { Scope = [freed[0]] };
        var plan = _store.Storage.PlanClear(request);
        Assert.Equal(expected, plan.Sum(victim => victim.Size));
        var before = _store.Du(withCatalog: false);
        var results = await _store.Storage.ClearAsync(request, null, Token);

        Assert.Equal(plan.Select(victim => victim with { Removed = true }), results);
        Assert.Equal(expected, before - _store.Du(withCatalog: false));
        Assert.Empty(_store.Storage.PlanClear(request));
        AssertSound();
    }

    [Fact]
    public async Task Everything_at_once_frees_what_the_plan_says_and_no_more()
    {
        var request = new ReclaimRequest { All = true };
        var plan = _store.Storage.PlanClear(request);
        var before = _store.Du(withCatalog: false);
        Assert.All(await _store.Storage.ClearAsync(request, null, Token), result => Assert.True(result.Removed, result.ToString()));
        Assert.Equal(plan.Sum(victim => victim.Size), before - _store.Du(withCatalog: false));

        // What a container that runs needs, what somebody works on, and what is not the engine's stays.
        Assert.Equal("kept:latest", Assert.Single(_store.Engine.Images.List()).Name);
        Assert.Equal("running", Assert.Single(_store.Host.Containers.List()).Name);
        Assert.True(File.Exists(Path.Combine(_store.Root, "partial", FilledStore.Hex('2'))));
        Assert.True(File.Exists(Path.Combine(_store.Root, "notes.txt")));
        AssertSound();
    }

    [Fact]
    public async Task Without_a_scope_images_with_names_volumes_and_logs_of_what_stays_are_kept()
    {
        var results = await _store.Storage.ClearAsync(new ReclaimRequest(), null, Token);

        Assert.Contains(results, result => result is { Kind: StorageKind.Container, Name: "stopped" });
        Assert.Single(results, result => result.Kind == StorageKind.Image);
        Assert.Equal(["base:latest", "kept:latest"], _store.Engine.Images.List().Select(image => image.Name).Order());
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(_store.Root, "containers", _store.Running.Id), "container.log"));
        Assert.Equal(ContainerState.Running, _store.Host.Containers.Get("running").State);
    }

    [Fact]
    public async Task A_build_goes_on_with_what_it_has_taken()
    {
        var build = _store.BuildAsync("slow", "RUN dd if=/dev/zero of=/slow bs=1024 count=400\nRUN --mount=type=cache,target=/cache,id=downloads sleep 2; cat /cache/file > /copy\n");
        await WaitForAsync(() => _store.Storage.GetItems().Any(item => item is { Name: "downloads", InUse: true }));
        var results = await _store.Storage.ClearAsync(new ReclaimRequest { All = true }, null, Token);

        Assert.DoesNotContain(results, result => result.Name == "downloads");
        var image = (await build).Image;
        await _store.Engine.Images.ExportAsync(new ImageExportRequest { Images = [image.Name], Path = Path.Combine(Path.GetDirectoryName(_store.Root)!, "slow.tar") }, null, Token);
    }

    [Fact]
    public async Task A_container_that_was_just_made_is_about_to_be_started()
    {
        var made = _store.Host.Containers.Create(EngineFixture.Shell("true"));
        await _store.Storage.ClearAsync(new ReclaimRequest { Scope = [StorageKind.Container] }, null, Token);
        Assert.Equal(ContainerState.Created, _store.Host.Containers.Get(made.Id).State);

        _store.WithCatalog(connection => connection.Execute("UPDATE containers SET created = created - 3600000 WHERE id = $id", ("$id", made.Id)));
        var result = Assert.Single(await _store.Storage.ClearAsync(new ReclaimRequest { Scope = [StorageKind.Container] }, null, Token));
        Assert.Equal((made.Id, "it was never started"), (result.Id, result.Reason));
    }

    [Fact]
    public async Task Age_counts_from_the_last_use()
    {
        _store.WithCatalog(connection =>
        {
            connection.Execute("UPDATE images SET used = used - 7200000 WHERE id = $id", ("$id", _store.Engine.Images.Get("base").Id));
            connection.Execute("UPDATE build_cache SET used = used - 7200000");
        });
        var request = new ReclaimRequest { All = true, Scope = [StorageKind.Container, StorageKind.Image], OlderThan = TimeSpan.FromHours(1) };
        Assert.Empty(_store.Storage.PlanClear(request)); // A container that stays was made of it.

        await _store.Host.Containers.RemoveAsync("stopped", force: false, Token);
        Assert.Empty(_store.Storage.PlanClear(request)); // It was of use until now.
        _store.WithCatalog(connection => connection.Execute("UPDATE images SET used = used - 7200000 WHERE id = $id", ("$id", _store.Engine.Images.Get("base").Id)));
        Assert.Equal("base:latest", Assert.Single(_store.Storage.PlanClear(request)).Name);

        // A build that begins with it uses it.
        await _store.BuildAsync("again", "ENV a=b\n");
        Assert.Empty(_store.Storage.PlanClear(request));
        Assert.DoesNotContain(_store.Storage.PlanClear(request with { Scope = [StorageKind.BuildCache] }), victim => victim.Name == "downloads");
    }

    [Fact]
    public async Task Labels_choose_and_leave_out_what_has_none()
    {
        await _store.BuildAsync("labelled", "ENV a=b\n", "tier");
        var plan = _store.Storage.PlanClear(new ReclaimRequest { All = true, Labels = new Dictionary<string, string?> { ["tier"] = null } });
        Assert.Equal("labelled:latest", Assert.Single(plan).Name);
        plan = _store.Storage.PlanClear(new ReclaimRequest { All = true, Labels = new Dictionary<string, string?> { ["role"] = "test" } });
        Assert.Equal("stopped", Assert.Single(plan).Name);
        Assert.Empty(_store.Storage.PlanClear(new ReclaimRequest { All = true, Labels = new Dictionary<string, string?> { ["role"] = "other" } }));
    }

    [Fact]
    public async Task Networks_without_containers_go()
    {
        _store.Engine.Networks.Create(new NetworkSpec { Name = "lonely" });
        var results = await _store.Storage.ClearAsync(new ReclaimRequest { Scope = [StorageKind.Network] }, null, Token);
        Assert.Equal(("lonely", 0L, true), (results[0].Name, results[0].Size, Assert.Single(results).Removed));
        Assert.Equal("default", Assert.Single(_store.Engine.Networks.List()).Name);
    }

    [Theory]
    [InlineData("ScopeNotClearable", null, StorageKind.Image, StorageKind.Catalog)]
    [InlineData("ScopeNotClearable", null, StorageKind.Other)]
    [InlineData("KeepBytesNeedsBuildCache", 0L, StorageKind.Image)]
    public void What_makes_no_sense_is_refused(string code, long? keep, params StorageKind[] scope) =>
        Assert.Equal(code, Assert.Throws<ContainerToolsException>(() => _store.Storage.PlanClear(new ReclaimRequest { Scope = scope, KeepBytes = keep })).Code);

    private void AssertSound()
    {
        Assert.DoesNotContain(_store.Engine.Repair(apply: false), action => action.Kind is "Layer" or "Blob" && !action.Target.Contains(FilledStore.Hex('3'), StringComparison.Ordinal) && !action.Target.Contains(FilledStore.Hex('4'), StringComparison.Ordinal));
        Assert.Equal(ContainerState.Running, _store.Host.Containers.Get("running").State);
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
