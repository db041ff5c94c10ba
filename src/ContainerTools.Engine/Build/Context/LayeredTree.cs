using System.Runtime.InteropServices;

namespace ContainerTools.Engine.Build.Context;

/// <summary>A node of a tree.</summary>
/// <param name="Path">Canonical path in the tree, <c>/a/b</c>; the root is empty.</param>
/// <param name="HostPath">The topmost host path that shows it.</param>
/// <param name="Status">Its status.</param>
/// <param name="Directories">A directory's host directories, topmost first.</param>
internal sealed record TreeNode(string Path, string HostPath, NodeStatus Status, IReadOnlyList<string> Directories)
{
    public bool IsDirectory => Status.Kind == NodeKind.Directory;

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>
/// A stack of overlay layers (or one plain directory) seen as one tree, without mounting it. Symbolic links are resolved as if the tree's root were
/// <c>/</c>, so no path and no link of an image or a context reaches the host's own files.
/// </summary>
internal sealed partial class LayeredTree
{
    private const int MaximumLinks = 40;
    private readonly bool _overlay;
    private readonly TreeNode _root;

    private LayeredTree(IReadOnlyList<string> directoriesTopFirst, bool overlay)
    {
        _overlay = overlay;
        _root = directoriesTopFirst.Count == 0
            ? new TreeNode("", "", NodeStatus.Of("/")!.Value, [])
            : new TreeNode("", directoriesTopFirst[0], NodeStatus.Of(directoriesTopFirst[0]) ?? NodeStatus.Of("/")!.Value, directoriesTopFirst);
    }

    public TreeNode Root => _root;

    public static LayeredTree OfLayers(IReadOnlyList<string> directoriesTopFirst) => new(directoriesTopFirst, overlay: true);

    public static LayeredTree OfDirectory(string directory) => new([directory], overlay: false);

    /// <summary>What the tree shows at a path, every symbolic link followed (the last one only on request); null when nothing.</summary>
    public TreeNode? Find(string path, bool followLast = true)
    {
        var walk = Walk(path, followLast);
        return walk.Missing.Count == 0 ? walk.Node : null;
    }

    /// <summary>Canonical place of a path of which the tail need not exist. Throws <see cref="IOException"/> when a file stands in the way.</summary>
    public string Locate(string path, bool followLast = true)
    {
        var (node, missing) = Walk(path, followLast);
        if (missing.Count > 0 && !node.IsDirectory)
        {
            throw new IOException($"'{node.Path}' is not a directory");
        }

        return string.Concat([node.Path, .. missing.Select(name => "/" + name)]);
    }

    /// <summary>Entry of a directory by name, links not followed.</summary>
    public TreeNode? Child(TreeNode directory, string name)
    {
        var directories = new List<string>();
        TreeNode? found = null;
        foreach (var layer in directory.Directories)
        {
            var host = $"{layer}/{name}";
            if (NodeStatus.Of(host) is not { } status)
            {
                continue;
            }

            if (status.Kind != NodeKind.Directory)
            {
                // A file or whiteout below a directory is hidden by it; on top, it hides everything below.
                return found is null ? _overlay && status.IsWhiteout ? null : new TreeNode($"{directory.Path}/{name}", host, status, []) : found;
            }

            directories.Add(host);
            found ??= new TreeNode($"{directory.Path}/{name}", host, status, directories);
            if (!_overlay || IsOpaque(host))
            {
                break;
            }
        }

        return found;
    }

    /// <summary>Entries of a directory, in ordinal order of names.</summary>
    public IEnumerable<TreeNode> Children(TreeNode directory)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var layer in directory.Directories)
        {
            names.UnionWith(Directory.EnumerateFileSystemEntries(layer).Select(path => path[(path.LastIndexOf('/') + 1)..]));
        }

        foreach (var name in names)
        {
            if (Child(directory, name) is { } child)
            {
                yield return child;
            }
        }
    }

    /// <summary>Target of a symbolic link.</summary>
    public static string LinkTarget(TreeNode node) => new FileInfo(node.HostPath).LinkTarget ?? "";

    private (TreeNode Node, List<string> Missing) Walk(string path, bool followLast)
    {
        var pending = new Stack<string>();
        Push(path);
        var parents = new Stack<TreeNode>();
        var node = _root;
        var missing = new List<string>();
        for (var links = 0; pending.TryPop(out var name);)
        {
            if (name == ".")
            {
                continue;
            }

            if (name == "..")
            {
                if (missing.Count > 0)
                {
                    missing.RemoveAt(missing.Count - 1);
                }
                else
                {
                    node = parents.TryPop(out var parent) ? parent : _root;
                }

                continue;
            }

            if (missing.Count > 0 || !node.IsDirectory || Child(node, name) is not { } child)
            {
                missing.Add(name);
                continue;
            }

            if (child.Status.Kind == NodeKind.SymbolicLink && (followLast || pending.Count > 0))
            {
                if (++links > MaximumLinks)
                {
                    throw new IOException($"'{child.Path}' leads through more than {MaximumLinks} symbolic links");
                }

                var target = LinkTarget(child);
                if (target.StartsWith('/'))
                {
                    parents.Clear();
                    node = _root;
                }

                Push(target);
                continue;
            }

            parents.Push(node);
            node = child;
        }

        return (node, missing);

        void Push(string text)
        {
            foreach (var part in text.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                pending.Push(part);
            }
        }
    }

    private static unsafe bool IsOpaque(string path)
    {
        byte value;
        return Lgetxattr(path, "trusted.overlay.opaque", &value, 1) == 1 && value == (byte)'y';
    }

    [LibraryImport("libc", EntryPoint = "lgetxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint Lgetxattr(string path, string name, void* value, nuint size);
}
