using System.Globalization;
using ContainerTools.Engine.Storage;
using ContainerTools.Engine.Tests.Containers;
using ContainerTools.Linux;

namespace ContainerTools.Engine.Tests.Storage.Accounting;

/// <summary>A store with some of everything in it: images that share layers, a dangling one, build cache, containers with logs, downloads, and what was left by the dead.</summary>
public sealed class FilledStore : IAsyncLifetime
{
    public const int LogLines = 3000;
    private readonly EngineFixture _host = new();
    private FileDescriptor? _download;

    public IContainerEngine Engine => _host.Engine;

    public IStorageOperations Storage => Engine.Storage;

    public EngineFixture Host => _host;

    public string Root => _host.Options.Root;

    public Container Running { get; private set; } = null!;

    public Container Stopped { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        await BuildAsync("kept", "RUN dd if=/dev/zero of=/kept bs=1024 count=300\nRUN --mount=type=cache,target=/cache,id=downloads dd if=/dev/zero of=/cache/file bs=1024 count=200\n");
        await BuildAsync("gone", "RUN dd if=/dev/zero of=/gone bs=1024 count=500\n");
        Engine.Images.Remove("gone", force: false);
        await BuildAsync("dangling", "RUN dd if=/dev/zero of=/dangling bs=1024 count=700\nCMD true\n");
        WithCatalog(connection => connection.Execute("DELETE FROM build_cache WHERE diff_id = $id", ("$id", Engine.Images.Get("dangling").Layers[^1])));
        Engine.Images.RemoveTag("dangling");
        Running = await _host.Containers.StartAsync(_host.Containers.Create(EngineFixture.Shell("echo hello; dd if=/dev/zero of=/written bs=1024 count=100; sleep 1000") with { Image = "kept", Name = "running" }).Id, Token);
        Stopped = _host.Containers.Create(EngineFixture.Shell($"yes log | head -n {LogLines}; dd if=/dev/zero of=/written bs=1024 count=120") with { Name = "stopped", Labels = new Dictionary<string, string> { ["role"] = "test" } });
        await _host.Containers.StartAsync(Stopped.Id, Token);
        await _host.Containers.WaitAsync(Stopped.Id, ContainerWaitCondition.Exited, Token);
        LeaveBehind();
    }

    public ValueTask DisposeAsync()
    {
        _download?.Dispose();
        return _host.DisposeAsync();
    }

    public Task<BuildResult> BuildAsync(string tag, string steps, params string[] labels) => Engine.Builds.BuildAsync(
        new BuildRequest { DockerfileText = $"FROM {EngineFixture.BaseImage}\n{steps}", Tags = [tag], Labels = labels.ToDictionary(label => label, _ => "") }, null, Token);

    /// <summary>What du(1) says, in bytes; the catalogue can be left out, which grows when rows are deleted.</summary>
    public long Du(bool withCatalog = true) => long.Parse(
        LayerRoundTripTests.Run("du", ["-sx", "--block-size=1", .. withCatalog ? Array.Empty<string>() : ["--exclude=catalog.db*"], Root]).Split('\t')[0], CultureInfo.InvariantCulture);

    /// <summary>Compares the books with du(1), once the background has written to the catalogue what it does a few seconds after an import.</summary>
    public void AssertIsDu()
    {
        for (var attempt = 0; ; attempt++)
        {
            var before = Du();
            var sum = Storage.GetUsage().Sum(row => row.Size);
            if (before == Du())
            {
                Assert.Equal(before, sum);
                return;
            }

            Assert.True(attempt < 20, "The store does not come to rest.");
        }
    }

    /// <summary>Takes away what the engine did not make, and ends the download.</summary>
    public void RemoveForeignFiles()
    {
        foreach (var item in Storage.GetItems().Where(item => item.Kind == StorageKind.Other))
        {
            LayerRoundTripTests.Run("rm", "-r", item.Path);
        }

        _download?.Dispose();
        _download = null;
    }

    internal void WithCatalog(Action<Microsoft.Data.Sqlite.SqliteConnection> change)
    {
        using var catalog = new Catalog(Path.Combine(Root, "catalog.db"));
        catalog.Write(change);
    }

    public static string Hex(char digit) => new(digit, 64);

    private void LeaveBehind()
    {
        Write($"partial/{Hex('1')}", 50_000);
        Write($"partial/{Hex('1')}.lock", 0);
        Write($"partial/{Hex('2')}", 60_000);
        _download = FileDescriptor.OpenOrCreate(Path.Combine(Root, $"partial/{Hex('2')}.lock"), 0x180);
        Assert.True(_download.TryLock());
        Write("work/import-0123/blob", 70_000);
        Write($"layers/{Hex('3')}/sub/file", 80_000);
        Write($"blobs/sha256/{Hex('4')}", 90_000);
        Write("notes.txt", 10_000);
        Write("blobs/md5/strange", 11_000);
        File.CreateSymbolicLink(Path.Combine(Root, "link"), "/usr");
        LayerRoundTripTests.Run("ln", Path.Combine(Root, "notes.txt"), Path.Combine(Root, "notes-again.txt"));
    }

    private void Write(string path, int size)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, new byte[size]);
    }
}
