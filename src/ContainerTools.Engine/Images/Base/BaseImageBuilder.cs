using System.Text;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Images.Base;

/// <summary>
/// Makes a base image of executables of this host. Times come from the files themselves, so that the same files always give the same image.
/// </summary>
internal sealed class BaseImageBuilder(ImageStore store, BaseImageRequest request, IProgress<EngineProgress>? progress)
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static ReadOnlySpan<byte> Capability => "security.capability"u8;

    public ImageRecord Build(CancellationToken cancellationToken)
    {
        var tag = ImageStore.ParseTag(request.Name);
        if (request.Commands.Count == 0)
        {
            throw new ContainerToolsException(ErrorKind.InvalidArgument, "NoCommandGiven", "A base image needs at least one command.", request.Name);
        }

        var plan = new BaseImagePlan();
        var closure = new ExecutableClosure(plan);
        foreach (var command in request.Commands)
        {
            closure.AddCommand(command);
        }

        plan.AddSkeleton();
        var layer = default(Digest);
        try
        {
            using var work = WorkDirectory.Create(store.Layers, "base");
            var tree = work.NewDirectory("tree");
            Write(plan, tree, FileTime.From(closure.Newest), cancellationToken);
            layer = store.Layers.Commit(tree, work).DiffId;
            var config = Config(plan, closure.Newest, layer);
            var json = OciJson.Write(config);
            if (!request.Force)
            {
                store.RequireFree([tag], Digest.Of(json));
            }

            return store.Add(new ImageAddition { Config = config, ConfigJson = json, Tags = [tag] });
        }
        catch when (!layer.IsEmpty)
        {
            _ = store.Layers.CollectGarbage([layer]);
            throw;
        }
    }

    private ImageConfigFile Config(BaseImagePlan plan, DateTimeOffset created, Digest layer) => new()
    {
        Created = created,
        Architecture = Platform.HostArchitecture,
        OperatingSystem = "linux",
        Config = new ImageExecutionConfig
        {
            Environment = request.Environment.Any(entry => entry.StartsWith("PATH=", StringComparison.Ordinal))
                ? request.Environment
                : [DefaultPath, .. request.Environment],
            Command = plan.Contains("usr/bin/sh") ? ["/bin/sh"] : null,
            Labels = request.Labels.Count > 0 ? new SortedDictionary<string, string>(request.Labels.ToDictionary(), StringComparer.Ordinal) : null,
        },
        RootFilesystem = new ImageRootFilesystem { DiffIds = [layer] },
        History = [new ImageHistory { Created = created, CreatedBy = "New-BaseImage -Command " + string.Join(", ", request.Commands) }],
    };

    private void Write(BaseImagePlan plan, string tree, FileTime made, CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var (place, node) in plan.Nodes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var parent = DirectoryHandle.Open(Path.Combine(tree, Path.GetDirectoryName(place) ?? ""));
            Write(parent, Path.Combine(tree, place), Encoding.UTF8.GetBytes(Path.GetFileName(place)), node, made);
            Report(++done, plan.Nodes.Count);
        }

        // Times of directories come last: every file made in them changed theirs.
        foreach (var (place, _) in plan.Nodes.Where(entry => entry.Value is BaseImageNode.Folder))
        {
            using var directory = DirectoryHandle.Open(Path.Combine(tree, place));
            directory.SetTime(default, made);
        }
    }

    private static void Write(DirectoryHandle parent, string path, byte[] name, BaseImageNode node, FileTime made)
    {
        switch (node)
        {
            case BaseImageNode.Folder folder:
                _ = parent.TryMakeDirectory(name, folder.Mode);
                parent.SetMode(name, folder.Mode);
                return;
            case BaseImageNode.Link link:
                _ = parent.TryMakeSymbolicLink(name, Encoding.UTF8.GetBytes(link.Target));
                parent.SetTime(name, made);
                return;
            case BaseImageNode.Content content:
                File.WriteAllBytes(path, content.Bytes);
                parent.SetMode(name, 0x1a4);
                parent.SetTime(name, made);
                return;
            case BaseImageNode.Copy copy:
                Copy(parent, path, name, copy.Source);
                return;
            default:
                throw new InvalidOperationException($"Unknown node {node}.");
        }
    }

    private static void Copy(DirectoryHandle parent, string path, byte[] name, string source)
    {
        using var sourceDirectory = DirectoryHandle.Open(Path.GetDirectoryName(source)!);
        var sourceName = Encoding.UTF8.GetBytes(Path.GetFileName(source));
        var status = sourceDirectory.GetStatus(sourceName);
        File.Copy(source, path);
        parent.SetOwner(name, 0, 0);
        parent.SetMode(name, status.Mode);
        if (sourceDirectory.TryGetAttribute(sourceName, Capability) is { } capability)
        {
            _ = parent.TrySetAttribute(name, Capability, capability);
        }

        parent.SetTime(name, status.Modified with { Nanoseconds = 0 });
    }

    private void Report(int done, int total) => progress?.Report(new EngineProgress
    {
        Activity = "BaseImage",
        Item = request.Name,
        Status = "copying files",
        Done = done,
        Total = total,
        Completed = done == total,
    });
}
