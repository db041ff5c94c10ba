using ContainerTools.Engine.Tests.Containers;
using ContainerTools.Engine.Tests.Networks;
using ContainerTools.Engine.Tests.Storage;
using ContainerTools.Linux.Mounts;

namespace ContainerTools.Engine.Tests.Host;

/// <summary>A store on a file system of 64 MiB that is filled to the last block: errors must name the mend, nothing may be half done, and all works once space is free.</summary>
public sealed class FullStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HostNamespace _host;
    private readonly EngineOptions _options;
    private readonly IContainerEngine _engine;

    public FullStoreTests()
    {
        Mount = _directory.PathOf("small");
        Directory.CreateDirectory(Mount);
        _ = LayerRoundTripTests.Run("mount", "-t", "tmpfs", "-o", "size=64m", "ct-test", Mount);
        _host = new HostNamespace(_directory.Path);
        _options = new EngineOptions { Root = Path.Combine(Mount, "root"), Run = _directory.PathOf("run"), RuntimePath = EngineFixture.RuntimePath, NetworkNamespace = _host.Path };
        _engine = new ContainerEngineFactory().Open(_options);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Mount { get; }

    public void Dispose()
    {
        foreach (var container in _engine.Containers.List())
        {
            _engine.Containers.RemoveAsync(container.Id, force: true, CancellationToken.None).GetAwaiter().GetResult();
        }

        _engine.Dispose();
        _host.Dispose();
        Unmount.Detach(Mount);
        _directory.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(3000)]
    public async Task An_import_says_so_and_leaves_nothing(int free)
    {
        var archive = BusyboxArchive();
        using (Fill(free))
        {
            var before = StoredFiles();
            AssertNoSpace(await Assert.ThrowsAsync<ContainerToolsException>(() => ImportAsync(archive)));
            Assert.Empty(_engine.Images.List());
            Assert.Equal(before, StoredFiles());
        }

        Assert.Equal("busybox:latest", (await ImportAsync(archive))[0].Name);
        Assert.Empty(_engine.Repair(apply: false));
    }

    [Fact]
    public async Task A_build_says_so_with_the_line_and_leaves_nothing()
    {
        await ImportAsync(BusyboxArchive());
        using var context = new TemporaryDirectory();
        await File.WriteAllBytesAsync(context.PathOf("big"), new byte[10_000_000], Token);
        var request = new BuildRequest { ContextPath = context.Path, DockerfileText = "FROM busybox\nENV a=b\nCOPY big /big\n", Tags = ["big"] };
        using (Fill(free: 2000))
        {
            var before = StoredFiles();
            var error = await Assert.ThrowsAsync<ContainerToolsException>(() => _engine.Builds.BuildAsync(request, null, Token));
            AssertNoSpace(error);
            Assert.StartsWith("Dockerfile:3", error.Message);
            Assert.Single(_engine.Images.List());
            Assert.Equal(before, StoredFiles());
        }

        Assert.Equal("big:latest", (await _engine.Builds.BuildAsync(request, null, Token)).Image.Name);
        Assert.Empty(_engine.Repair(apply: false));
    }

    [Fact]
    public async Task A_command_that_fills_the_disk_fails_with_its_own_words()
    {
        await ImportAsync(BusyboxArchive());
        using (Fill(free: 4000))
        {
            var error = await Assert.ThrowsAsync<ContainerToolsException>(() =>
                _engine.Builds.BuildAsync(new BuildRequest { DockerfileText = "FROM busybox\nRUN [\"/bin/busybox\", \"dd\", \"if=/dev/zero\", \"of=/big\", \"bs=1M\", \"count=30\"]\n", Tags = ["big"] }, null, Token));
            Assert.Equal("BuildStepFailed", error.Code);
            Assert.Contains("No space left on device", error.Message);
        }

        Assert.Empty(_engine.Repair(apply: false));
    }

    [Fact]
    public async Task A_start_says_so_and_the_container_starts_later()
    {
        await ImportAsync(BusyboxArchive());
        var spec = new ContainerSpec { Image = "busybox", Name = "full", Command = ["/bin/busybox", "sleep", "1000"] };
        using (Fill(free: 0))
        {
            AssertNoSpace(await Assert.ThrowsAsync<ContainerToolsException>(async () => await _engine.Containers.StartAsync(_engine.Containers.Create(spec).Id, Token)));
        }

        Assert.Empty(Remains.Mounts(_options));
        var container = _engine.Containers.List().SingleOrDefault() ?? _engine.Containers.Create(spec);
        Assert.Equal(ContainerState.Running, (await _engine.Containers.StartAsync(container.Id, Token)).State);
        await _engine.Containers.RemoveAsync(container.Id, force: true, Token);
        Assert.Empty(Remains.Of(_options, container.Id));
    }

    [Fact]
    public async Task Removing_works_on_a_full_disk()
    {
        await ImportAsync(BusyboxArchive());
        using (Fill(free: 0))
        {
            // The control: the catalogue itself cannot grow, so this only works with what is kept back.
            AssertNoSpace(Assert.Throws<ContainerToolsException>(() => _engine.Images.AddTag("busybox", [.. Enumerable.Range(0, 5000).Select(number => $"tag:{number}")], force: false)));
            _engine.Images.Remove("busybox", force: false);
        }

        Assert.Empty(_engine.Images.List());
        Assert.Empty(StoredFiles());
    }

    private static void AssertNoSpace(ContainerToolsException error)
    {
        Assert.Equal((ErrorKind.ResourceExhausted, "NoSpace"), (error.Kind, error.Code));
        Assert.Contains("space", error.RecommendedAction, StringComparison.OrdinalIgnoreCase);
    }

    private Task<IReadOnlyList<Image>> ImportAsync(string archive) =>
        _engine.Images.ImportAsync(new ImageImportRequest { Path = archive, RootFilesystem = true, Tags = ["busybox"] }, null, Token);

    /// <summary>A file that takes all space but so many KiB.</summary>
    private Filler Fill(int free)
    {
        var path = Path.Combine(Mount, "filler");
        var available = new DriveInfo(Mount).AvailableFreeSpace - free * 1024L;
        using var file = File.Create(path);
        file.Write(new byte[available]);
        return new Filler(path);
    }

    private string BusyboxArchive()
    {
        var path = _directory.PathOf("busybox.tar");
        var tree = Directory.CreateDirectory(_directory.PathOf("tree/bin"));
        File.Copy("/bin/busybox", Path.Combine(tree.FullName, "busybox"));
        foreach (var directory in (string[])["etc", "proc", "sys", "dev", "tmp"])
        {
            Directory.CreateDirectory(_directory.PathOf("tree/" + directory));
        }

        // With a second copy the unpacked tree and the blob are well above what the smallest case leaves free.
        File.Copy("/bin/busybox", Path.Combine(tree.FullName, "copy"));
        _ = LayerRoundTripTests.Run("tar", "-cf", path, "-C", _directory.PathOf("tree"), ".");
        return path;
    }

    private List<string> StoredFiles() => [.. new[] { "layers", "blobs", "work" }
        .Select(name => Path.Combine(_options.Root, name))
        .SelectMany(path => Directory.EnumerateFileSystemEntries(path, "*", SearchOption.AllDirectories))
        .Where(path => Path.GetFileName(path) != "sha256")
        .Order(StringComparer.Ordinal)];

    private sealed class Filler(string path) : IDisposable
    {
        public void Dispose() => File.Delete(path);
    }
}
