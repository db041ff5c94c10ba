using System.Globalization;
using System.Text;
using ContainerTools.Engine.Build.Context;
using ContainerTools.Engine.Build.Dockerfiles;
using ContainerTools.Engine.Containers;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>COPY, ADD and WORKDIR.</summary>
internal sealed partial class StageExecutor
{
    private const int HereDocumentMode = 0b110_100_100;

    private async Task<StepOutcome> WorkdirAsync(WorkdirInstruction instruction, CancellationToken cancellationToken)
    {
        var expanded = Expand(instruction.Path);
        if (expanded.Length == 0)
        {
            throw new FormatException($"token '{instruction.Path}' expands to nothing: expected a path");
        }

        var path = Clean(Absolute(expanded));
        _state.Config = _state.Config with { WorkingDirectory = path };
        var lower = LayersTopFirst();
        var createdBy = $"WORKDIR {path}";
        if (path == "/" || LayeredTree.OfLayers(lower).Find(path) is { IsDirectory: true })
        {
            return Record(createdBy);
        }

        return await LayerAsync(
            CacheKey.Of("workdir", _state.FilesKey, path, SourceDateKey),
            createdBy,
            (upper, _) =>
            {
                new LayerWriter(upper, lower).MakeDirectory(path);
                return Task.CompletedTask;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<StepOutcome> CopyAsync(CopyInstruction instruction, CancellationToken cancellationToken)
    {
        var sources = instruction.Sources.Select(Expand).ToList();
        var destination = Expand(instruction.Destination);
        if (destination.Length == 0)
        {
            throw new FormatException($"token '{instruction.Destination}' expands to nothing: expected a destination");
        }

        var chown = instruction.Chown is null ? null : Expand(instruction.Chown);
        var chmod = instruction.Chmod is null ? null : Expand(instruction.Chmod);
        var mode = chmod is null ? null : ModeChange.Parse(chmod);
        var files = instruction.Files.Select(file => (file.Name, Content: file.Expand ? ExpandDocument(file.Content) : file.Content)).ToList();
        var selected = await SelectAsync(instruction, sources, cancellationToken).ConfigureAwait(false);
        var intoDirectory = destination.EndsWith('/') || destination is "." or ".." || destination.EndsWith("/.", StringComparison.Ordinal) || destination.EndsWith("/..", StringComparison.Ordinal);
        if (selected.Count + files.Count > 1 && !intoDirectory)
        {
            throw new FormatException($"unexpected destination '{destination}' of {selected.Count + files.Count} sources: expected a directory, which ends with '/'");
        }

        var archives = selected.Where(source => instruction.Extract && source.Node.Status.Kind == NodeKind.File && ArchiveExtraction.IsArchive(source.Node.HostPath)).ToHashSet();
        var target = Absolute(destination);
        var lower = LayersTopFirst();
        var key = CacheKey.Of(
            instruction.Keyword,
            _state.FilesKey,
            [
                target, intoDirectory ? "directory" : "", chown ?? "", chmod ?? "", instruction.Parents ? "parents" : "", SourceDateKey,
                SourceSelection.Digest(selected, withOwners: instruction.From is not null, session.Digests),
                .. selected.Select(source => archives.Contains(source) ? "archive" : source.Node.IsDirectory ? "directory" : "file"),
                .. files.SelectMany(file => (string[])[file.Name, file.Content]),
            ]);
        var flags = string.Concat(
            instruction.From is null ? "" : $"--from={instruction.From} ", chown is null ? "" : $"--chown={chown} ", chmod is null ? "" : $"--chmod={chmod} ");
        var createdBy = $"{instruction.Keyword} {flags}{string.Join(' ', sources.Concat(files.Select(file => "<<" + file.Name)))} {destination}";
        return await LayerAsync(
            key,
            createdBy,
            (upper, cancelled) =>
            {
                var writer = new LayerWriter(upper, lower);
                var owner = chown is null ? (NodeOwner?)null : Owner(chown, lower);
                if (intoDirectory)
                {
                    writer.MakeDirectory(target, owner ?? default);
                }

                foreach (var source in selected)
                {
                    cancelled.ThrowIfCancellationRequested();
                    if (archives.Contains(source))
                    {
                        ArchiveExtraction.Extract(source.Node.HostPath, writer, writer.MakeDirectory(target, owner ?? default), owner, mode, cancelled);
                    }
                    else
                    {
                        Write(writer, source, target, intoDirectory, owner, mode, keepOwner: instruction.From is not null, cancelled);
                    }
                }

                foreach (var (name, content) in files)
                {
                    var path = intoDirectory || writer.Tree.Find(target) is { IsDirectory: true } ? $"{target}/{name}" : target;
                    writer.WriteFile(path, stream => stream.Write(Encoding.UTF8.GetBytes(content)), owner ?? default, mode?.Invoke(HereDocumentMode, false) ?? HereDocumentMode);
                }

                writer.Complete();
                return Task.CompletedTask;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static void Write(
        LayerWriter writer, SelectedSource source, string target, bool intoDirectory, NodeOwner? owner, Func<int, bool, int>? mode, bool keepOwner, CancellationToken cancellationToken)
    {
        NodeOwner OwnerOf(TreeNode node) => owner ?? (keepOwner ? new NodeOwner(node.Status.UserId, node.Status.GroupId) : default);
        var path = source.TargetPath is { } kept ? $"{target}/{kept}"
            : source.Node.IsDirectory ? target
            : intoDirectory || writer.Tree.Find(target) is { IsDirectory: true } ? $"{target}/{source.Name}"
            : target;
        if (source.Node.IsDirectory)
        {
            path = writer.MakeDirectory(path, owner ?? default);
        }
        else
        {
            writer.Copy(source.Node, path, OwnerOf(source.Node), mode, finalLink: !intoDirectory);
        }

        foreach (var (relativePath, node) in source.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            writer.Copy(node, $"{path}/{relativePath}", OwnerOf(node), mode);
        }
    }

    private async Task<List<SelectedSource>> SelectAsync(CopyInstruction instruction, List<string> sources, CancellationToken cancellationToken)
    {
        if (sources.Count == 0)
        {
            return [];
        }

        var tree = instruction.From is not null ? await TreeOfAsync(instruction.From, instruction, cancellationToken).ConfigureAwait(false)
            : session.Context ?? throw NotFound(instruction, sources[0], "the build has no context", "Build with a context directory.");
        var selection = new SourceSelection(tree, instruction.From is null ? session.Ignore : IgnoreFile.Empty);
        var selected = new List<SelectedSource>();
        foreach (var source in sources)
        {
            if (CopyInstructionParser.IsRemote(source))
            {
                throw new UnsupportedFeatureException($"{instruction.Keyword} of the remote source '{source}' is not supported; fetch it into the context first");
            }

            if (instruction.From is null && SourceSelection.IsOutside(source))
            {
                throw NotFound(instruction, source, "it leads out of the build context", "Move the file into the context, or choose a context above it.");
            }

            var found = selection.Select(source, instruction.Excludes, instruction.Parents);
            if (found is null)
            {
                var ignored = instruction.From is null && tree.Find(source) is not null;
                throw NotFound(
                    instruction,
                    source,
                    ignored ? "the ignore file leaves it out" : instruction.From is null ? "the build context has no such file" : $"'{instruction.From}' has no such file",
                    ignored ? "Add a '!' rule to the ignore file." : "Correct the path, which is relative to the context's root.");
            }

            selected.AddRange(found);
        }

        return selected.Count > 0 || instruction.Files.Count > 0 || instruction.Excludes.Count > 0
            ? selected
            : throw NotFound(instruction, string.Join(' ', sources), "no file matches", "Correct the pattern, which is relative to the context's root.");
    }

    private ContainerToolsException NotFound(CopyInstruction instruction, string source, string reason, string mend) =>
        session.Error(ErrorKind.NotFound, "BuildSourceNotFound", instruction, $"{instruction.Keyword} source '{source}' not found: {reason}.", mend);

    /// <summary>A number alone is user and group; a name brings its own group (Docker's rule for <c>--chown</c>).</summary>
    private static NodeOwner Owner(string chown, List<string> lower)
    {
        var user = uint.TryParse(chown, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new ContainerUser(number, number, [], "/")
            : new UserDatabase(new LayeredFiles(lower).Open).Resolve(chown, []);
        return new NodeOwner(user.Uid, user.Gid);
    }

    private string Absolute(string path) => path.StartsWith('/')
        ? path
        : $"{(_state.Config.WorkingDirectory is { Length: > 0 } current ? current.TrimEnd('/') : "")}/{path}";

    private string ExpandDocument(string content) => new WordExpander(session.Graph.Dockerfile.Escape, _state.Lookup, keepQuotes: true).Expand(content);
}
