using System.Formats.Tar;
using ContainerTools.Engine.Build;
using ContainerTools.Engine.Build.Execution;
using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Networks;
using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Storage;
using ContainerTools.Engine.Tests.Containers;
using ContainerTools.Engine.Tests.Networks;
using ContainerTools.Engine.Tests.Registry;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Build;

/// <summary>A private store with a build part, a base image and a context directory.</summary>
public sealed class BuildFixture : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ct-build-").FullName;
    private readonly Catalog _catalog;
    private readonly RegistryAccess _registries;

    private readonly HostNamespace? _host;
    private readonly HostNetwork? _hostNetwork;
    private readonly ContainerNetworks? _networks;

    public BuildFixture()
        : this(withRuntime: false)
    {
    }

    /// <summary>With the real runtime instead of the stand-in, on a host's network of its own.</summary>
    internal BuildFixture(bool withRuntime)
    {
        Paths = new StorePaths(Path.Combine(_directory, "root"), Path.Combine(_directory, "run"));
        foreach (var path in (string[])[Paths.Root, Paths.Run, Paths.Blobs, Paths.Structures, Paths.Layers, Paths.Containers, Paths.Work, Paths.States, ContextPath])
        {
            Directory.CreateDirectory(path);
        }

        // What is not here is nowhere: a test asks no registry of the world.
        var registries = new RegistrySetup();
        registries.Settings["docker.io"] = new RegistrySettings { Name = "docker.io", Blocked = true };
        _registries = new RegistryAccess(registries, registries, () => null, registries.Options);
        _catalog = new Catalog(Paths.Catalog);
        Layers = new LayerStore(Paths, _catalog);
        Images = new ImageStore(_catalog, Layers);
        if (withRuntime)
        {
            _host = new HostNamespace(_directory);
            _hostNetwork = new HostNetwork(_host.Path);
            _networks = new ContainerNetworks(Paths, _catalog, new ContainerStore(_catalog), _hostNetwork, _ => new Dictionary<string, string>());
        }

        Builds = new BuildOperations(Images, new ImageProvision(Images, _registries), Snapshot, _networks is null ? Runs : new MonitoredRunStep(EngineFixture.RuntimePath, _networks));
    }

    internal StorePaths Paths { get; }

    internal LayerStore Layers { get; }

    internal ImageStore Images { get; }

    internal FakeRuns Runs { get; } = new();

    internal BuildOperations Builds { get; }

    public string ContextPath => Path.Combine(_directory, "context");

    public string Outside => _directory;

    /// <summary>Writes a file of the context.</summary>
    public BuildFixture With(string path, string content, UnixFileMode mode = (UnixFileMode)0b110_100_100)
    {
        var full = Path.Combine(ContextPath, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        File.SetUnixFileMode(full, mode);
        return this;
    }

    /// <summary>Adds a base image whose one layer is what <paramref name="fill"/> puts into a directory.</summary>
    public BuildFixture WithBase(string name, Action<string> fill, Func<ImageExecutionConfig, ImageExecutionConfig>? configure = null)
    {
        using var work = WorkDirectory.Create(Layers, "test");
        var tree = work.NewDirectory("base");
        fill(tree);
        var layer = Layers.Commit(tree, work);
        Images.Add(new ImageAddition
        {
            Config = new ImageConfigFile
            {
                Created = DateTimeOffset.UnixEpoch,
                Architecture = "amd64",
                OperatingSystem = "linux",
                Config = (configure ?? (config => config))(new ImageExecutionConfig { Environment = ["PATH=/bin"] }),
                RootFilesystem = new ImageRootFilesystem { DiffIds = [layer.DiffId] },
                History = [new ImageHistory { Created = DateTimeOffset.UnixEpoch, CreatedBy = "base" }],
            },
            Tags = [ImageReference.Parse(name).WithDefaultTag()],
        });
        return this;
    }

    /// <summary>Adds a base image whose programs are one static busybox.</summary>
    public BuildFixture WithBusybox(string name) => WithBase(name, root =>
    {
        foreach (var directory in (string[])["bin", "etc", "tmp", "usr"])
        {
            Directory.CreateDirectory(Path.Combine(root, directory));
        }

        File.Copy("/bin/busybox", root + "/bin/busybox");
        foreach (var applet in (string[])["sh", "cat", "ls", "id", "touch", "mkdir", "rm", "sleep", "env", "pwd", "wget", "stat", "head", "grep", "find", "ln", "ps", "true", "sed", "printf"])
        {
            File.CreateSymbolicLink($"{root}/bin/{applet}", "busybox");
        }

        File.WriteAllText(root + "/etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n");
        File.WriteAllText(root + "/etc/group", "root:x:0:\napp:x:1000:\n");
        File.WriteAllText(root + "/etc/old", "old");
    });

    public Task<BuildResult> BuildAsync(string dockerfile, Func<BuildRequest, BuildRequest>? change = null, IProgress<EngineProgress>? progress = null) =>
        BuildCancellableAsync((change ?? (request => request))(new BuildRequest { ContextPath = ContextPath, DockerfileText = dockerfile, Tags = ["result"] }), progress, TestContext.Current.CancellationToken);

    public Task<BuildResult> BuildCancellableAsync(BuildRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken) => Builds.BuildAsync(request, progress, cancellationToken);

    public async Task<ContainerToolsException> FailAsync(string dockerfile, Func<BuildRequest, BuildRequest>? change = null)
    {
        var before = Leftovers();
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => BuildAsync(dockerfile, change));
        Assert.Equal(before, Leftovers());
        Assert.Throws<ContainerToolsException>(() => Images.Resolve("result"));
        return error;
    }

    /// <summary>What a path holds in an image, seen through its layers; null when nothing.</summary>
    internal ContainerTools.Engine.Build.Context.TreeNode? Find(BuildResult result, string path, bool follow = false) => Tree(result).Find(path, follow);

    public string? Text(BuildResult result, string path) => Find(result, path, follow: true) is { } node ? File.ReadAllText(node.HostPath) : null;

    internal ContainerTools.Engine.Build.Context.LayeredTree Tree(BuildResult result) =>
        ContainerTools.Engine.Build.Context.LayeredTree.OfLayers([.. result.Image.Layers.Reverse().Select(layer => Layers.PathOf(Digest.Parse(layer)))]);

    internal ImageConfigFile Config(BuildResult result) => Images.Resolve(result.Image.Id).Config;

    public IReadOnlyList<string> Leftovers() => [.. Directory.EnumerateFileSystemEntries(Paths.Work)];

    public static void WriteTar(string path, params (TarEntryType Type, string Name, string Content)[] entries)
    {
        using var file = File.Create(path);
        using var tar = new TarWriter(file, TarEntryFormat.Pax);
        foreach (var (type, name, content) in entries)
        {
            var entry = new PaxTarEntry(type, name) { ModificationTime = DateTimeOffset.UnixEpoch.AddDays(1), Mode = type == TarEntryType.Directory ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100 };
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            {
                entry.LinkName = content;
            }
            else if (type == TarEntryType.RegularFile)
            {
                entry.DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content));
            }

            tar.WriteEntry(entry);
        }
    }

    public void Dispose()
    {
        _networks?.Dispose();
        _hostNetwork?.Dispose();
        _host?.Dispose();
        _registries.Dispose();
        _catalog.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private Image Snapshot(ImageRecord record) => new()
    {
        Id = record.Id.ToString(),
        Name = record.Name,
        Tags = [.. record.Tags.Select(tag => tag.Familiar)],
        Digest = record.ManifestDigest.ToString(),
        Labels = record.Config.Config?.Labels ?? new Dictionary<string, string>(),
        Annotations = new Dictionary<string, string>(),
        Layers = [.. record.Layers.Select(layer => layer.ToString())],
        Config = ImageConfigurations.From(record.Config.Config),
    };
}

/// <summary>Stands in for the runtime: <c>write PATH TEXT</c>, <c>fail CODE</c>, <c>wait</c>; remembers every step.</summary>
internal sealed class FakeRuns : IRunStepExecutor
{
    private readonly Lock _lock = new();
    private int _running;

    public List<RunStep> Steps { get; } = [];

    public int MostAtOnce { get; private set; }

    public void CheckNetwork(string network)
    {
        // Every name will do: it knows no networks.
    }

    public async Task<RunStepResult> RunAsync(RunStep step, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Steps.Add(step);
            MostAtOnce = Math.Max(MostAtOnce, ++_running);
        }

        try
        {
            foreach (var words in step.Command[^1].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 3)))
            {
                step.Log($"did {string.Join(' ', words)}");
                switch (words[0])
                {
                    case "write":
                        Directory.CreateDirectory(Path.GetDirectoryName(step.Upper + words[1])!);
                        await File.WriteAllTextAsync(step.Upper + words[1], words[2], cancellationToken);
                        break;
                    case "fail":
                        return new RunStepResult(int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture));
                    case "wait":
                        await Task.Delay(words.Length > 1 ? int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture) : -1, cancellationToken);
                        break;
                    default:
                        break;
                }
            }

            return new RunStepResult(0);
        }
        finally
        {
            lock (_lock)
            {
                _running--;
            }
        }
    }
}
