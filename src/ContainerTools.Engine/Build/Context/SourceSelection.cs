using System.Security.Cryptography;
using System.Text;

namespace ContainerTools.Engine.Build.Context;

/// <summary>One source of a COPY: a node with all that is below it and not left out.</summary>
/// <param name="Node">The node itself.</param>
/// <param name="Name">Name it gets when it is copied into a directory.</param>
/// <param name="TargetPath">With <c>--parents</c>, its path below the destination; else null.</param>
/// <param name="Entries">What is below a directory: path relative to the node, parents first.</param>
internal sealed record SelectedSource(TreeNode Node, string Name, string? TargetPath, IReadOnlyList<(string RelativePath, TreeNode Node)> Entries);

/// <summary>Finds the sources of COPY and ADD in a context, a stage or an image. Symbolic links never lead out of it.</summary>
/// <param name="tree">Where to look.</param>
/// <param name="ignore">What to leave out.</param>
internal sealed class SourceSelection(LayeredTree tree, IgnoreFile ignore)
{
    /// <summary>What a source word stands for; empty when a pattern matches nothing, null when a plain path does not exist.</summary>
    public List<SelectedSource>? Select(string word, IReadOnlyList<string> excludes, bool parents)
    {
        // "/./" in a --parents source marks where the kept part begins.
        var pivot = parents ? word.IndexOf("/./", StringComparison.Ordinal) : -1;
        var prefix = pivot < 0 ? "" : Clean(word[..pivot]);
        var path = Clean(word);
        var excluded = IgnoreFile.Parse("--exclude", string.Join('\n', excludes));
        var matches = path.IndexOfAny(['*', '?', '[']) >= 0 ? Glob(path) : tree.Find(path) is { } node && !IsHidden(node.Path) ? [(path, node)] : null;
        return matches?
            .Where(match => !excluded.IsIgnored(match.Path))
            .Select(match => new SelectedSource(match.Node, match.Path[(match.Path.LastIndexOf('/') + 1)..], parents ? Below(match.Path, prefix) : null, [.. Entries(match.Node, excluded)]))
            .ToList();
    }

    /// <summary>True when a path climbs above its root.</summary>
    public static bool IsOutside(string path)
    {
        var depth = 0;
        return path.Split('/', StringSplitOptions.RemoveEmptyEntries).Any(part => (depth += part switch { ".." => -1, "." => 0, _ => 1 }) < 0);
    }

    /// <summary>A digest of everything that decides what is copied: paths, kinds, modes, owners, contents.</summary>
    public static string Digest(IReadOnlyList<SelectedSource> sources, bool withOwners, FileDigests digests)
    {
        digests.Prefetch(sources.SelectMany(source => source.Entries.Select(entry => entry.Node).Prepend(source.Node)));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var source in sources)
        {
            Append(hash, source.TargetPath ?? source.Name, source.Node, withOwners, digests);
            foreach (var (relativePath, node) in source.Entries)
            {
                Append(hash, relativePath, node, withOwners, digests);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string path, TreeNode node, bool withOwners, FileDigests digests)
    {
        var owner = withOwners ? $"{node.Status.UserId}:{node.Status.GroupId}" : "";
        var content = node.Status.Kind switch
        {
            NodeKind.File => digests.Of(node),
            NodeKind.SymbolicLink => LayeredTree.LinkTarget(node),
            NodeKind.CharacterDevice or NodeKind.BlockDevice => node.Status.DeviceNumber.ToString(),
            _ => "",
        };
        hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{node.Status.Kind}\0{node.Status.Mode}\0{owner}\0{content}\0\n"));
    }

    private IEnumerable<(string RelativePath, TreeNode Node)> Entries(TreeNode root, IgnoreFile excluded)
    {
        if (!root.IsDirectory)
        {
            yield break;
        }

        var pending = new Stack<(string Prefix, IEnumerator<TreeNode> Children)>();
        pending.Push(("", tree.Children(root).GetEnumerator()));
        // Directories that are left out themselves but hold exceptions appear only once one of those does.
        var deferred = new Dictionary<string, TreeNode>();
        while (pending.TryPeek(out var level))
        {
            if (!level.Children.MoveNext())
            {
                pending.Pop().Children.Dispose();
                continue;
            }

            var node = level.Children.Current;
            var relative = level.Prefix + node.Name;
            var hidden = ignore.IsIgnored(node.Path[1..]) || excluded.IsIgnored(relative);
            if (node.IsDirectory && (!hidden || ignore.MayContainExceptions(node.Path[1..]) || excluded.MayContainExceptions(relative)))
            {
                pending.Push((relative + "/", tree.Children(node).GetEnumerator()));
            }

            if (hidden)
            {
                deferred[relative] = node;
                continue;
            }

            foreach (var parent in Parents(relative).Where(deferred.ContainsKey).ToList())
            {
                yield return (parent, deferred[parent]);
                deferred.Remove(parent);
            }

            yield return (relative, node);
        }
    }

    private bool IsHidden(string path)
    {
        if (path.Length == 0 || !ignore.IsIgnored(path[1..]))
        {
            return false;
        }

        return !(tree.Find(path) is { IsDirectory: true } directory && ignore.MayContainExceptions(path[1..]) && Entries(directory, IgnoreFile.Empty).Any());
    }

    private List<(string Path, TreeNode Node)> Glob(string pattern)
    {
        var found = new List<(string Path, TreeNode Node)> { ("", tree.Root) };
        foreach (var part in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = new List<(string, TreeNode)>();
            foreach (var (path, node) in found.Where(match => match.Node.IsDirectory))
            {
                if (part == "**")
                {
                    next.Add((path, node));
                    next.AddRange(Descendants(path, node));
                }
                else if (part.IndexOfAny(['*', '?', '[', '\\']) >= 0)
                {
                    next.AddRange(tree.Children(node).Where(child => GlobClass.MatchesElement(part, child.Name)).Select(child => Follow($"{path}/{child.Name}", child)).OfType<(string, TreeNode)>());
                }
                else if (tree.Child(node, part) is { } child && Follow($"{path}/{part}", child) is { } followed)
                {
                    next.Add(followed);
                }
            }

            found = next;
        }

        return [.. found.Select(match => (Path: match.Path.TrimStart('/'), match.Node)).Where(match => match.Path.Length > 0 && !IsHidden("/" + match.Path)).DistinctBy(match => match.Path)];
    }

    private IEnumerable<(string Path, TreeNode Node)> Descendants(string path, TreeNode directory)
    {
        foreach (var child in tree.Children(directory).Where(child => child.IsDirectory))
        {
            yield return ($"{path}/{child.Name}", child);
            foreach (var below in Descendants($"{path}/{child.Name}", child))
            {
                yield return below;
            }
        }
    }

    private (string, TreeNode)? Follow(string path, TreeNode node) =>
        node.Status.Kind != NodeKind.SymbolicLink ? (path, node) : tree.Find(node.Path) is { } target ? (path, target) : null;

    private static IEnumerable<string> Parents(string path)
    {
        for (var i = path.IndexOf('/', StringComparison.Ordinal); i >= 0; i = path.IndexOf('/', i + 1))
        {
            yield return path[..i];
        }
    }

    private static string Below(string path, string prefix) =>
        prefix.Length > 0 && path.StartsWith(prefix + "/", StringComparison.Ordinal) ? path[(prefix.Length + 1)..] : path;

    /// <summary>Lexically clean, without a leading slash; <c>..</c> above the root stays at the root.</summary>
    private static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("." or ".."))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }
}
