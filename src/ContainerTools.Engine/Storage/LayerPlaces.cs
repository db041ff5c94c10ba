using ContainerTools.Linux;

namespace ContainerTools.Engine.Storage;

/// <summary>Where the entries of a layer go: its directories, found or made, and which names it has deleted.</summary>
/// <param name="directory">The layer's root.</param>
/// <param name="subject">The archive's name, for messages.</param>
internal sealed class LayerPlaces(string directory, string subject) : IDisposable
{
    private readonly HashSet<string> _whiteouts = new(StringComparer.Ordinal);
    private DirectoryHandle? _parent;
    private byte[] _parentPath = [];

    public DirectoryHandle Root { get; } = DirectoryHandle.Open(directory);

    /// <summary>Bytes of the regular files that later entries replaced.</summary>
    public long Freed { get; private set; }

    /// <summary>True when a later entry took the place of an earlier one: what that was is in the archive only.</summary>
    public bool HasReplaced { get; private set; }

    // Latin-1 maps bytes to characters one to one, so that any file name can be a key.
    public static string Key(ReadOnlySpan<byte> path) => System.Text.Encoding.Latin1.GetString(path);

    public static byte[] Bytes(string key) => System.Text.Encoding.Latin1.GetBytes(key);

    /// <summary>Notes that the layer deletes a name of lower layers.</summary>
    public void AddWhiteout(ReadOnlySpan<byte> path) => _whiteouts.Add(Key(path));

    /// <summary>True when the layer has deleted the name that it now makes itself.</summary>
    public bool TakeWhiteout(ReadOnlySpan<byte> path) => _whiteouts.Count > 0 && _whiteouts.Remove(Key(path));

    /// <summary>A later entry of the same name wins.</summary>
    public void Replace(DirectoryHandle parent, ReadOnlySpan<byte> name)
    {
        if (parent.TryGetStatus(name) is not { } status)
        {
            return;
        }

        // The cached parent may lie below what goes; the caller's handle stays valid either way, since only paths are cached.
        if (status.Kind is FileKind.Directory or FileKind.SymbolicLink)
        {
            _parentPath = [0];
        }

        HasReplaced = true;
        Freed += parent.RemoveTree(name);
    }

    /// <summary>The directory at a path; made where the archive leaves it out. Valid until the next call.</summary>
    public DirectoryHandle Parent(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
        {
            return Root;
        }

        if (_parent is not null && path.SequenceEqual(_parentPath))
        {
            return _parent;
        }

        var opened = Root.TryOpenBelow(path) ?? MakeParents(path);
        _parent?.Dispose();
        _parent = opened;
        _parentPath = path.ToArray();
        return opened;
    }

    /// <summary>Makes the directories that the archive leaves out.</summary>
    private DirectoryHandle MakeParents(ReadOnlySpan<byte> path)
    {
        LayerPath.Split(path, out var directory, out var name);
        using var above = directory.IsEmpty ? Root.Duplicate() : Root.TryOpenBelow(directory) ?? MakeParents(directory);
        if (!above.TryMakeDirectory(name, 0x1ed) && above.GetStatus(name).Kind != FileKind.SymbolicLink)
        {
            Replace(above, name);
            _ = above.TryMakeDirectory(name, 0x1ed);
        }

        if (TakeWhiteout(path))
        {
            Whiteout.MakeOpaque(above, name);
        }

        return Root.TryOpenBelow(path) ?? throw new ContainerToolsException(
            ErrorKind.InvalidArgument,
            "InvalidTar",
            $"{subject}: '{LayerPath.Display(path)}' is used as a directory, but is a symbolic link to nothing.",
            subject);
    }

    public void Dispose()
    {
        _parent?.Dispose();
        Root.Dispose();
    }
}
