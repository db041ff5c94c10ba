using System.Globalization;
using ContainerTools.Engine.Tests.Containers;
using ContainerTools.Engine.Tests.Host;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>SIGKILL in the middle of pulls and pushes: the store stays whole, the next pull goes on where it broke off, and nothing is left that nobody knows.</summary>
public sealed class KilledTransferTests(PlainRegistry registry) : IDisposable
{
    private const int Layers = 4;
    private readonly TemporaryDirectory _directory = new();
    private readonly RemoteContent _content = new();
    private readonly Random _random = new(7);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>More of them for a longer look.</summary>
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("CONTAINERTOOLS_TEST_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 8;

    private EngineOptions Options => new() { Root = _directory.PathOf("root"), Run = _directory.PathOf("run"), RuntimePath = EngineFixture.RuntimePath };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_killed_pull_goes_on_where_it_broke_off_and_leaves_nothing_unknown()
    {
        var manifest = _content.AddImage(Platform.HostArchitecture, Enumerable.Range(100, Layers).Select(seed => RemoteContent.Layer(seed, 6_000_000)));
        var name = await PutAsync(manifest);
        var whole = _content.Blobs.Values.Where(blob => blob[0] != '{').Sum(blob => (long)blob.Length);
        var resumed = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            await KillAsync(afterReport: kill % 2 == 1, "pull", name);
            using var engine = new ContainerEngineFactory().Open(Options);
            Assert.True(Partial() <= whole);
            if (kill % 3 == 2)
            {
                // A pull that is let through takes up what the killed ones have left.
                var known = Partial();
                var pulled = await engine.Images.PullAsync(new ImagePullRequest { Name = name }, null, Token);
                Assert.True(pulled.BytesReceived <= whole - known);
                resumed += pulled.BytesReceived < whole ? 1 : 0;
                Assert.Equal(manifest.Digest.ToString(), pulled.Images[0].Digest);
                await AssertWholeAsync(engine, name, manifest);
                engine.Images.Remove(name, force: false);
            }
        }

        AssertMended();
        Assert.True(Kills < 6 || resumed > 0, "No pull found anything to go on from.");
    }

    [Fact]
    public async Task A_killed_push_leaves_the_store_as_it_was_and_the_next_one_succeeds()
    {
        var manifest = _content.AddImage(Platform.HostArchitecture, Enumerable.Range(110, Layers).Select(seed => RemoteContent.Layer(seed, 3_000_000)));
        var name = await PutAsync(manifest);
        using var engine = new ContainerEngineFactory().Open(Options);
        await engine.Images.PullAsync(new ImagePullRequest { Name = name }, null, Token);
        var target = $"{registry.Server.Name}/{registry.NewRepository()}:1";
        for (var kill = 0; kill < Kills / 2; kill++)
        {
            await KillAsync(afterReport: kill % 2 == 1, "push", name, target);
        }

        var pushed = await engine.Images.PushAsync(new ImagePushRequest { Name = name, Destination = target }, null, Token);

        Assert.Equal(manifest.Digest.ToString(), pushed.Digest);
        await AssertWholeAsync(engine, name, manifest);
        engine.Images.Remove(name, force: false);
        AssertMended();
    }

    /// <summary>Kills soon after a layer was reported as done, or at any moment.</summary>
    private async Task KillAsync(bool afterReport, params string[] verb)
    {
        using var worker = await WorkerProcess.StartAsync(Options, verb);
        worker.Go();
        if (afterReport)
        {
            await worker.SaysAsync("at ");
        }

        await Task.Delay(_random.Next(0, afterReport ? 40 : 600), Token);
        worker.Kill();
    }

    private long Partial() => !Directory.Exists(Path.Combine(Options.Root, "partial"))
        ? 0
        : new DirectoryInfo(Path.Combine(Options.Root, "partial")).EnumerateFiles().Sum(file => file.Length);

    /// <summary>Every blob that the manifest names can be given out with the digest that it has.</summary>
    private static async Task AssertWholeAsync(IContainerEngine engine, string name, Descriptor manifest)
    {
        Assert.Equal(manifest.Digest.ToString(), engine.Images.GetManifest(name).Digest);
        foreach (var layer in engine.Images.GetManifest(name).Layers)
        {
            await Task.Run(() => engine.Images.ReadBlob(layer.Digest, Stream.Null, Token), Token);
        }
    }

    /// <summary>After a repair, and without what can be gone on from, the store has no file of the pulls.</summary>
    private void AssertMended()
    {
        using var engine = new ContainerEngineFactory().Open(Options);
        Assert.All(engine.Repair(apply: true), action => Assert.True(action.Repaired, action.Reason));
        Assert.Empty(engine.Repair(apply: false));
        foreach (var directory in (string[])["layers", "structures", "work", "blobs/sha256"])
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Options.Root, directory)));
        }

        // Downloads that broke off stay on purpose; each belongs to a blob of the image.
        var known = _content.Blobs.Keys.Select(digest => digest.Hex).ToHashSet();
        Assert.All(Directory.EnumerateFiles(Path.Combine(Options.Root, "partial")), path => Assert.Contains(Path.GetFileNameWithoutExtension(path), known));
    }

    private async Task<string> PutAsync(Descriptor root)
    {
        var repository = registry.NewRepository();
        await _content.PutAsync(registry.Address, repository, root, "1");
        return $"{registry.Server.Name}/{repository}:1";
    }
}
