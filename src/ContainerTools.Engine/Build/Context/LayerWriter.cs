using ContainerTools.Linux;

namespace ContainerTools.Engine.Build.Context;

/// <summary>Owner of what is copied.</summary>
internal readonly record struct NodeOwner(uint UserId, uint GroupId);

/// <summary>
/// Writes into a new layer above existing ones. Every place is first resolved in the tree that the layers show together, so a symbolic link of the
/// image, or one just copied, leads to another place of the same tree and never out of it.
/// </summary>
internal sealed class LayerWriter
{
    private readonly string _upper;
    private readonly LayeredTree _tree;
    private readonly HashSet<string> _ready = [""];
    private readonly Dictionary<string, (long, uint)> _times = [];

    public LayerWriter(string upper, IReadOnlyList<string> lowerTopFirst)
    {
        _upper = upper;
        _tree = LayeredTree.OfLayers([upper, .. lowerTopFirst]);
        if (lowerTopFirst.Count > 0 && NodeStatus.Of(lowerTopFirst[0]) is { } root)
        {
            Imitate(upper, lowerTopFirst[0], root);
        }
        else
        {
            NodeWriter.SetMode(upper, 0b111_101_101);
        }
    }

    /// <summary>True once anything was written.</summary>
    public bool HasContent { get; private set; }

    /// <summary>The tree as it is now.</summary>
    public LayeredTree Tree => _tree;

    /// <summary>Makes a directory with its parents where they are missing; returns its canonical path.</summary>
    public string MakeDirectory(string path, NodeOwner owner = default)
    {
        var place = _tree.Locate(path);
        if (_tree.Find(place) is { } existing)
        {
            return existing.IsDirectory ? place : throw new IOException($"'{path}' exists and is not a directory");
        }

        var parent = Parent(place);
        if (_tree.Find(parent) is null)
        {
            MakeDirectory(parent, owner);
        }

        Prepare(parent);
        NodeWriter.MakeDirectory(_upper + place, 0b111_101_101);
        NodeWriter.SetOwner(_upper + place, owner.UserId, owner.GroupId);
        _ready.Add(place);
        HasContent = true;
        return place;
    }

    /// <summary>Copies a node to a path; directories merge, anything else is replaced. <paramref name="finalLink"/> follows a link at the very end.</summary>
    public void Copy(TreeNode node, string path, NodeOwner owner, Func<int, bool, int>? mode, bool finalLink = false)
    {
        var bits = mode is null || node.Status.Kind == NodeKind.SymbolicLink ? node.Status.Mode : mode(node.Status.Mode, node.IsDirectory);
        if (node.IsDirectory)
        {
            if (_tree.Find(path) is { IsDirectory: true })
            {
                return;
            }

            if (_tree.Find(path, followLast: false) is not null)
            {
                throw new IOException($"the directory '{node.Path}' would replace the file '{path}'");
            }

            var place = MakeDirectory(path);
            Finish(_upper + place, node, owner, bits);
            _times[place] = node.Status.Modified;
            return;
        }

        var target = Replaceable(path, finalLink);
        switch (node.Status.Kind)
        {
            case NodeKind.File:
                CopyContent(node, target);
                break;
            case NodeKind.SymbolicLink:
                NodeWriter.MakeLink(target, LayeredTree.LinkTarget(node));
                break;
            case NodeKind.Socket:
                return;
            default:
                NodeWriter.MakeDevice(target, node.Status.Kind, bits, node.Status.DeviceNumber);
                break;
        }

        Finish(target, node, owner, bits);
        NodeWriter.SetTime(target, node.Status.Modified);
    }

    /// <summary>Makes a regular file with what <paramref name="write"/> puts into it.</summary>
    public string WriteFile(string path, Action<Stream> write, NodeOwner owner, int mode, (long Seconds, uint Nanoseconds)? time = null)
    {
        var target = Replaceable(path, followLink: false);
        using (var stream = NodeWriter.MakeFile(target))
        {
            write(stream);
        }

        NodeWriter.SetOwner(target, owner.UserId, owner.GroupId);
        NodeWriter.SetMode(target, mode);
        if (time is { } modified)
        {
            NodeWriter.SetTime(target, modified);
        }

        return target;
    }

    /// <summary>Frees a name for a new node and returns its host path in the layer; its parents are made.</summary>
    public string Replaceable(string path, bool followLink)
    {
        var place = _tree.Locate(path, followLink);
        var parent = Parent(place);
        parent = MakeDirectory(parent);
        Prepare(parent);
        HasContent = true;
        var target = $"{_upper}{parent}{place[place.LastIndexOf('/')..]}";
        if (_tree.Find(place, followLast: false) is { IsDirectory: true })
        {
            throw new IOException($"a file would replace the directory '{place}'");
        }

        if (NodeStatus.Of(target) is not null)
        {
            File.Delete(target);
        }

        return target;
    }

    /// <summary>Sets the times of copied directories, which writing into them has moved.</summary>
    public void Complete()
    {
        foreach (var (place, time) in _times)
        {
            NodeWriter.SetTime(_upper + place, time);
        }
    }

    /// <summary>Remembers the time of a directory for <see cref="Complete"/>.</summary>
    public void KeepTime(string place, (long Seconds, uint Nanoseconds) time) => _times[place] = time;

    /// <summary>Makes the chain of directories of a canonical path exist in the layer itself, looking like those they cover.</summary>
    private void Prepare(string place)
    {
        if (_ready.Contains(place))
        {
            return;
        }

        Prepare(Parent(place));
        var target = _upper + place;
        if (NodeStatus.Of(target) is null)
        {
            var covered = _tree.Find(place, followLast: false)!;
            NodeWriter.MakeDirectory(target, covered.Status.Mode);
            Imitate(target, covered.HostPath, covered.Status);
        }

        _ready.Add(place);
    }

    private static void Imitate(string target, string source, NodeStatus status)
    {
        NodeWriter.SetOwner(target, status.UserId, status.GroupId);
        NodeWriter.SetMode(target, status.Mode);
        NodeWriter.CopyAttributes(source, target);
    }

    private static void CopyContent(TreeNode node, string target)
    {
        using var from = new FileStream(node.HostPath, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        using var to = NodeWriter.MakeFile(target);
        from.CopyTo(to, (int)Math.Clamp(node.Status.Size + 1, 4096, 1 << 20));
    }

    private static void Finish(string target, TreeNode node, NodeOwner owner, int mode)
    {
        NodeWriter.SetOwner(target, owner.UserId, owner.GroupId);
        if (node.Status.Kind != NodeKind.SymbolicLink)
        {
            NodeWriter.SetMode(target, mode);
            NodeWriter.CopyAttributes(node.HostPath, target);
        }
    }

    private static string Parent(string place) => place.LastIndexOf('/') is > 0 and var slash ? place[..slash] : "";
}
