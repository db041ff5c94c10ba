using ContainerTools.Engine.Storage;
using ContainerTools.Engine.Tests.Containers;
using ContainerTools.Linux.Mounts;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Tests.Storage.Accounting;

/// <summary>Every kind of damage and waste: done, found, mended where it can be, and not found again.</summary>
public sealed class CheckTests : IAsyncLifetime
{
    private readonly EngineFixture _host = new();
    private Image _blobbed = null!;
    private Image _structured = null!;
    private Image _built = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Root => _host.Options.Root;

    private string Scratch => Path.GetDirectoryName(Root)!;

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        _blobbed = await ImportAsync("blobbed", "-czf");
        _structured = await ImportAsync("structured", "-cf");
        _built = (await _host.Engine.Builds.BuildAsync(new BuildRequest { DockerfileText = "FROM base\nRUN echo built > /built\n", Tags = ["built"], NoCache = true }, null, Token)).Image;
        Assert.Empty(await CheckAsync(new StorageCheckRequest { Deep = true }));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_lost_tree_comes_back_from_its_blob()
    {
        var tree = TreeOf(_blobbed);
        var file = Path.Combine(tree, "name");
        var before = File.GetLastWriteTimeUtc(file);
        Directory.Delete(tree, recursive: true);

        await AssertMendedAsync("Layer", _blobbed.Layers[0], StorageSeverity.Damage);
        Assert.Equal(("blobbed", before), (await File.ReadAllTextAsync(file, Token), File.GetLastWriteTimeUtc(file)));
    }

    [Theory]
    [InlineData("content")]
    [InlineData("mode")]
    [InlineData("more")]
    public async Task A_tree_that_was_changed_is_found_by_reading_it_whole_and_put_right(string change)
    {
        Change(TreeOf(_blobbed), change);
        Assert.Empty(await CheckAsync(new StorageCheckRequest()));
        await AssertMendedAsync("Layer", _blobbed.Layers[0], StorageSeverity.Damage, deep: true);
        Assert.Equal("blobbed", await File.ReadAllTextAsync(Path.Combine(TreeOf(_blobbed), "name"), Token));
    }

    [Fact]
    public async Task Of_a_tree_with_a_structure_the_mode_comes_back_and_the_content_is_lost()
    {
        Change(TreeOf(_structured), "mode");
        await AssertMendedAsync("Layer", _structured.Layers[0], StorageSeverity.Damage, deep: true);
        Change(TreeOf(_structured), "content");
        await AssertLostAsync(_structured, deep: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_built_layer_that_is_lost_takes_its_image_along_only_by_force(bool missing)
    {
        var tree = TreeOf(_built);
        if (missing)
        {
            Directory.Delete(tree, recursive: true);
        }
        else
        {
            await File.WriteAllTextAsync(Path.Combine(tree, "built"), "changed", Token);
        }

        await AssertLostAsync(_built, deep: !missing);
    }

    [Fact]
    public async Task A_blob_that_is_missing_or_changed_cannot_be_made_again()
    {
        var blob = Assert.Single(Directory.EnumerateFiles(Path.Combine(Root, "blobs", "sha256")));
        var content = await File.ReadAllBytesAsync(blob, Token);
        content[^1] ^= 1;
        await File.WriteAllBytesAsync(blob, content, Token);
        var changed = Assert.Single(await CheckAsync(new StorageCheckRequest { Deep = true, Repair = true }));
        Assert.Equal((_blobbed.Layers[0], false, false), (changed.Target, changed.Repairable, changed.Repaired));
        Assert.Contains("blobbed", changed.RecommendedAction, StringComparison.Ordinal);
        File.Delete(blob);
        await AssertLostAsync(_blobbed, deep: false);
    }

    [Fact]
    public async Task What_a_container_needs_stays_even_by_force()
    {
        var container = await _host.Containers.StartAsync(_host.Containers.Create(EngineFixture.Shell("sleep 1000") with { Image = "built" }).Id, Token);
        await File.WriteAllTextAsync(Path.Combine(TreeOf(_built), "built"), "changed", Token);
        var issue = Assert.Single(await CheckAsync(new StorageCheckRequest { Deep = true, Repair = true, Force = true }));
        Assert.False(issue.Repaired);
        Assert.Contains("a container was made of", issue.Reason, StringComparison.Ordinal);
        Assert.Equal(ContainerState.Running, _host.Containers.Get(container.Id).State);
    }

    [Fact]
    public async Task Waste_is_found_and_goes()
    {
        var hex = new string('a', 64);
        foreach (var directory in (string[])[$"layers/{hex}", "work/import-1", $"containers/{hex}"])
        {
            Directory.CreateDirectory(Path.Combine(Root, directory));
        }

        foreach (var file in (string[])[$"blobs/sha256/{hex}", $"structures/{hex}", $"partial/{hex}.lock"])
        {
            await File.WriteAllTextAsync(Path.Combine(Root, file), "", Token);
        }

        Directory.CreateDirectory(Path.Combine(Root, "cache-mounts"));
        await File.WriteAllTextAsync(Path.Combine(Root, "cache-mounts", hex + ".lock"), "", Token);
        WithCatalog(connection =>
        {
            connection.Execute("INSERT INTO layer_leases (diff_id, work_id) VALUES ($id, 'build-gone')", ("$id", _built.Layers[0]));
            connection.Execute("INSERT INTO cache_mounts (hash, id, used) VALUES ('gone', 'gone', 0)");
        });
        var found = await CheckAsync(new StorageCheckRequest());
        Assert.Equal(["Blob", "Blob", "CacheMount", "CacheMount", "Container", "File", "Layer", "Lease", "Partial"], found.Select(issue => issue.Kind).Order());
        Assert.All(found, issue => Assert.Equal((StorageSeverity.Waste, true, false), (issue.Severity, issue.Repairable, issue.Repaired)));
        Assert.All(await CheckAsync(new StorageCheckRequest { Repair = true }), issue => Assert.True(issue.Repaired, issue.ToString()));
        Assert.Empty(await CheckAsync(new StorageCheckRequest()));
    }

    [Fact]
    public async Task A_file_of_unknown_origin_is_told_and_stays()
    {
        var file = Path.Combine(Root, "notes.txt");
        await File.WriteAllTextAsync(file, "mine", Token);
        var issue = Assert.Single(await CheckAsync(new StorageCheckRequest { Repair = true, Force = true }));
        Assert.Equal((file, false, false), (issue.Target, issue.Repairable, issue.Repaired));
        Assert.True(File.Exists(file));
    }

    [Theory]
    [InlineData("partial")]
    [InlineData("work/import-1/mounted here")]
    public async Task A_foreign_mount_is_taken_away_only_by_force(string place)
    {
        var path = Directory.CreateDirectory(Path.Combine(Root, place)).FullName;
        LayerRoundTripTests.Run("mount", "-t", "tmpfs", "ct-test", path);
        try
        {
            Assert.Contains(await CheckAsync(new StorageCheckRequest { Repair = true }), issue => issue.Kind == "Mount" && issue.Target == path && !issue.Repaired);
            Assert.True(MountTable.IsMountPoint(path));
            Assert.All(await CheckAsync(new StorageCheckRequest { Repair = true, Force = true }), issue => Assert.True(issue.Repaired, issue.ToString()));
            Assert.False(MountTable.IsMountPoint(path));
            Assert.Empty(await CheckAsync(new StorageCheckRequest()));
        }
        finally
        {
            Unmount.Detach(path);
        }
    }

    [Fact]
    public async Task A_row_without_what_it_refers_to_goes_by_force()
    {
        WithForeignKeysOff("INSERT INTO tags (tag, image_id) VALUES ('docker.io/library/lost:1', 'sha256:lost')");
        Assert.False(Assert.Single(await CheckAsync(new StorageCheckRequest { Repair = true })).Repaired);
        Assert.True(Assert.Single(await CheckAsync(new StorageCheckRequest { Repair = true, Force = true })).Repaired);
        Assert.Empty(await CheckAsync(new StorageCheckRequest()));
    }

    [Fact]
    public async Task An_image_without_its_manifest_or_with_another_configuration_is_lost()
    {
        WithCatalog(connection => connection.Execute("UPDATE images SET config = replace(config, 'built', 'other') WHERE id = $id", ("$id", _built.Id)));
        Assert.Equal((_built.Id, "Image"), Assert.Single(await CheckAsync(new StorageCheckRequest { Deep = true })) is var changed ? (changed.Target, changed.Kind) : default);
        WithCatalog(connection => connection.Execute("DELETE FROM manifests WHERE image_id = $id", ("$id", _built.Id)));
        Assert.True(Assert.Single(await CheckAsync(new StorageCheckRequest { Repair = true, Force = true })).Repaired);
        Assert.DoesNotContain(_host.Engine.Images.List(), image => image.Name == "built:latest");
    }

    private async Task AssertMendedAsync(string kind, string target, StorageSeverity severity, bool deep = false)
    {
        var found = Assert.Single(await CheckAsync(new StorageCheckRequest { Deep = deep }));
        Assert.Equal((kind, target, severity, true, false), (found.Kind, found.Target, found.Severity, found.Repairable, found.Repaired));
        Assert.Equal(found with { Repaired = true }, Assert.Single(await CheckAsync(new StorageCheckRequest { Deep = deep, Repair = true })));
        Assert.Empty(await CheckAsync(new StorageCheckRequest { Deep = true }));
    }

    private async Task AssertLostAsync(Image image, bool deep)
    {
        var stays = Assert.Single(await CheckAsync(new StorageCheckRequest { Deep = deep, Repair = true }));
        Assert.Equal((image.Layers[^1], StorageSeverity.Damage, false, false), (stays.Target, stays.Severity, stays.Repairable, stays.Repaired));
        Assert.Contains(image.Name, stays.RecommendedAction, StringComparison.Ordinal);
        Assert.True(Assert.Single(await CheckAsync(new StorageCheckRequest { Deep = deep, Repair = true, Force = true })).Repaired);
        Assert.DoesNotContain(_host.Engine.Images.List(), other => other.Id == image.Id);
        Assert.Empty(await CheckAsync(new StorageCheckRequest { Deep = true }));
    }

    private Task<IReadOnlyList<StorageIssue>> CheckAsync(StorageCheckRequest request) => _host.Engine.Storage.CheckAsync(request, null, Token);

    private string TreeOf(Image image) => Path.Combine(Root, "layers", image.Layers[^1]["sha256:".Length..]);

    private static void Change(string tree, string what)
    {
        var file = Path.Combine(tree, "name");
        var time = File.GetLastWriteTimeUtc(file);
        switch (what)
        {
            case "content":
                File.WriteAllText(file, "CHANGED"[..(int)Math.Min(7, new FileInfo(file).Length)]);
                File.SetLastWriteTimeUtc(file, time);
                break;
            case "mode":
                File.SetUnixFileMode(file, UnixFileMode.UserRead);
                break;
            default:
                File.WriteAllText(file + "-more", "");
                break;
        }
    }

    private async Task<Image> ImportAsync(string name, string tarForm)
    {
        var tree = Directory.CreateDirectory(Path.Combine(Scratch, "tree-" + name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(tree, "name"), name, Token);
        var tar = Path.Combine(Scratch, name + ".tar");
        LayerRoundTripTests.Run("tar", tarForm, tar, "-C", tree, ".");
        return Assert.Single(await _host.Engine.Images.ImportAsync(new ImageImportRequest { Path = tar, RootFilesystem = true, Tags = [name] }, null, Token));
    }

    private void WithCatalog(Action<SqliteConnection> change)
    {
        using var catalog = new Catalog(Path.Combine(Root, "catalog.db"));
        catalog.Write(change);
    }

    private void WithForeignKeysOff(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Root, "catalog.db")};Foreign Keys=False;Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }
}
