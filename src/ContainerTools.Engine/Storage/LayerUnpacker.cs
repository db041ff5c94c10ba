using ContainerTools.Linux;
using ContainerTools.Oci.Tar;

namespace ContainerTools.Engine.Storage;

/// <summary>
/// Writes the entries of a layer's tar below one directory, in overlay form. The archive is hostile: every path is resolved by the kernel as
/// if that directory were the root, and the last word of a path is never followed.
/// </summary>
internal sealed class LayerUnpacker : IDisposable
{
    private readonly LayerPlaces _places;
    private readonly string _subject;
    private readonly int _maximumEntries;
    private readonly Dictionary<string, FileTime> _directoryTimes = new(StringComparer.Ordinal);
    private readonly TarStructureWriter? _structure;
    private long _written;
    private int _entries;

    /// <param name="directory">An empty directory.</param>
    /// <param name="subject">The archive's name, for messages.</param>
    /// <param name="maximumEntries">Most entries accepted.</param>
    /// <param name="structure">Told of everything that the tar holds beside the contents of the files; null when nobody wants to know.</param>
    public LayerUnpacker(string directory, string subject, int maximumEntries, TarStructureWriter? structure = null)
    {
        _structure = structure;
        _places = new LayerPlaces(directory, subject);
        _subject = subject;
        _maximumEntries = maximumEntries;
    }

    /// <summary>Bytes of the regular files written.</summary>
    public long Size => _written - _places.Freed;

    /// <summary>True when structure and tree together are the whole tar.</summary>
    public bool IsRebuildable => _structure is not null && !_places.HasReplaced;

    /// <summary>Unpacks all entries, and reads the tar to its end.</summary>
    public void Unpack(TarReader tar)
    {
        tar.Structure = _structure is null ? null : _structure.AddBytes;
        while (tar.Next() is { } entry)
        {
            if (++_entries > _maximumEntries)
            {
                throw new ContainerToolsException(
                    ErrorKind.ResourceExhausted,
                    "TooManyEntries",
                    $"{_subject} has more than {_maximumEntries} entries, the most a layer may have.",
                    _subject);
            }

            Unpack(tar, entry);
        }

        tar.Drain();

        // Times of directories come last: every file made in them changed theirs.
        foreach (var (path, time) in _directoryTimes)
        {
            using var directory = _places.Root.TryOpenBelow(LayerPlaces.Bytes(path));
            directory?.SetTime(default, time);
        }
    }

    public void Dispose() => _places.Dispose();

    private void Unpack(TarReader tar, TarEntry entry)
    {
        var path = LayerPath.Normalize(entry.Name, _subject);
        if (path.Length == 0)
        {
            if (entry.Kind == TarEntryKind.Directory)
            {
                SetDirectory(_places.Root, default, entry, path);
            }

            return;
        }

        LayerPath.Split(path, out var directory, out var name);
        var parent = _places.Parent(directory);
        if (name.StartsWith(Whiteout.Prefix))
        {
            AddWhiteout(parent, directory, name);
            return;
        }

        // A name that this layer both deletes and makes hides what lower layers have there.
        var replaced = _places.TakeWhiteout(path);
        switch (entry.Kind)
        {
            case TarEntryKind.Directory:
                MakeDirectory(parent, name, entry, path);
                if (replaced)
                {
                    Whiteout.MakeOpaque(parent, name);
                }

                break;
            case TarEntryKind.File:
                MakeFile(tar, parent, name, entry, path);
                break;
            case TarEntryKind.HardLink:
                MakeHardLink(parent, directory, name, entry);
                break;
            case TarEntryKind.SymbolicLink:
                Make(parent, name, entry, static (parent, name, entry) => parent.TryMakeSymbolicLink(name, entry.LinkName));
                parent.SetOwner(name, entry.Owner, entry.Group);
                SetAttributes(parent, name, entry);
                parent.SetTime(name, Time(entry));
                break;
            default:
                Make(parent, name, entry, static (parent, name, entry) => parent.TryMakeNode(name, Kind(entry.Kind), 0x180, entry.DeviceMajor, entry.DeviceMinor));
                parent.SetOwner(name, entry.Owner, entry.Group);
                parent.SetMode(name, entry.Mode);
                SetAttributes(parent, name, entry);
                parent.SetTime(name, Time(entry));
                break;
        }
    }

    private delegate bool Maker(DirectoryHandle parent, ReadOnlySpan<byte> name, TarEntry entry);

    private static FileKind Kind(TarEntryKind kind) => kind switch
    {
        TarEntryKind.CharacterDevice => FileKind.CharacterDevice,
        TarEntryKind.BlockDevice => FileKind.BlockDevice,
        _ => FileKind.Fifo,
    };

    private static FileTime Time(TarEntry entry) => new(entry.ModifiedSeconds, entry.ModifiedNanoseconds);

    private void Make(DirectoryHandle parent, ReadOnlySpan<byte> name, TarEntry entry, Maker make)
    {
        if (!make(parent, name, entry))
        {
            _places.Replace(parent, name);
            if (!make(parent, name, entry))
            {
                throw new LinuxException(LinuxError.Exists, "openat", entry.DisplayName);
            }
        }
    }

    private void MakeDirectory(DirectoryHandle parent, ReadOnlySpan<byte> name, TarEntry entry, byte[] path)
    {
        if (!parent.TryMakeDirectory(name, 0x1c0) && parent.GetStatus(name).Kind != FileKind.Directory)
        {
            Make(parent, name, entry, static (parent, name, _) => parent.TryMakeDirectory(name, 0x1c0));
        }

        SetDirectory(parent, name, entry, path);
    }

    private void SetDirectory(DirectoryHandle parent, ReadOnlySpan<byte> name, TarEntry entry, byte[] path)
    {
        parent.SetOwner(name, entry.Owner, entry.Group);
        parent.SetMode(name, entry.Mode);
        SetAttributes(parent, name, entry);
        _directoryTimes[LayerPlaces.Key(path)] = Time(entry);
    }

    private void MakeFile(TarReader tar, DirectoryHandle parent, ReadOnlySpan<byte> name, TarEntry entry, byte[] path)
    {
        var created = parent.TryCreateFile(name, 0x180);
        if (created is null)
        {
            _places.Replace(parent, name);
            created = parent.TryCreateFile(name, 0x180) ?? throw new LinuxException(LinuxError.Exists, "openat", entry.DisplayName);
        }

        using var file = created;
        for (var chunk = tar.ReadChunk(); !chunk.IsEmpty; chunk = tar.ReadChunk())
        {
            file.Write(chunk);
        }

        if (entry.Size > 0)
        {
            _structure?.AddFile(path, entry.Size);
        }

        file.SetOwner(entry.Owner, entry.Group);
        file.SetMode(entry.Mode);
        SetAttributes(parent, name, entry);
        file.SetTime(Time(entry));
        _written += entry.Size;
    }

    private void MakeHardLink(DirectoryHandle parent, ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name, TarEntry entry)
    {
        var target = LayerPath.Normalize(entry.LinkName, _subject);
        LayerPath.Split(target, out var targetDirectory, out var targetName);
        using var from = _places.Root.TryOpenBelow(targetDirectory);
        if (from is null || targetName.IsEmpty || from.TryGetStatus(targetName) is not { } status || status.Kind == FileKind.Directory)
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument,
                "HardLinkTargetMissing",
                $"{_subject}: the hard link '{entry.DisplayName}' names '{LayerPath.Display(entry.LinkName)}', which is no earlier file of this layer.",
                _subject);
        }

        if (parent.TryGetStatus(name) is { } existing)
        {
            if (existing.Inode == status.Inode)
            {
                return;
            }

            _places.Replace(parent, name);
        }

        if (!parent.TryMakeHardLink(name, from, targetName))
        {
            throw new LinuxException(LinuxError.Exists, "linkat", LayerPath.Display(directory));
        }
    }

    private void AddWhiteout(DirectoryHandle parent, ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual(Whiteout.OpaqueMarker))
        {
            Whiteout.MakeOpaque(parent, default);
            return;
        }

        if (name.StartsWith(Whiteout.MetadataPrefix))
        {
            return;
        }

        var deleted = name[Whiteout.Prefix.Length..];
        if (deleted.IsEmpty || deleted.SequenceEqual("."u8) || deleted.SequenceEqual(".."u8))
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "PathTraversal", $"{_subject}: the whiteout '{LayerPath.Display(name)}' deletes no name.", _subject);
        }

        // A whiteout speaks of lower layers: what this layer itself has made stays.
        if (!parent.TryMakeNode(deleted, FileKind.CharacterDevice, 0, 0, 0))
        {
            if (parent.GetStatus(deleted).Kind == FileKind.Directory)
            {
                Whiteout.MakeOpaque(parent, deleted);
            }

            return;
        }

        _places.AddWhiteout(directory.IsEmpty ? deleted : [.. directory, (byte)'/', .. deleted]);
    }

    private void SetAttributes(DirectoryHandle parent, ReadOnlySpan<byte> name, TarEntry entry)
    {
        foreach (var attribute in entry.Attributes)
        {
            // Overlay's own attributes would let an archive redirect lookups; SELinux labels belong to the host.
            if (Whiteout.IsOverlayAttribute(attribute.Name) || attribute.Name.AsSpan().SequenceEqual("security.selinux"u8))
            {
                continue;
            }

            if (!parent.TrySetAttribute(name, attribute.Name, attribute.Value))
            {
                throw new ContainerToolsException(
                    ErrorKind.NotSupported,
                    "ExtendedAttributeNotSupported",
                    $"{_subject}: '{entry.DisplayName}' has the extended attribute '{LayerPath.Display(attribute.Name)}', which the store's file system does not take.",
                    _subject,
                    "Put the store on ext4, XFS or btrfs.");
            }
        }
    }
}
