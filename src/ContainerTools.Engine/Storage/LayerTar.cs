using System.Text;
using ContainerTools.Linux;
using ContainerTools.Oci.Tar;

namespace ContainerTools.Engine.Storage;

/// <summary>
/// Writes a tree in overlay form as a layer's tar. The bytes depend on the tree alone: entries in byte order, the root left out, whiteouts
/// without time or owner, so that the tar can be made again at any time.
/// </summary>
internal sealed class LayerTar
{
    private readonly TarWriter _tar;
    private readonly FileTime? _latest;
    private readonly string _subject;
    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<(ulong Device, ulong Inode), byte[]> _links = [];
    private readonly byte[] _buffer = new byte[256 * 1024];
    private long _size;

    private LayerTar(string tree, Stream output, LayerCommit? options, CancellationToken cancellationToken)
    {
        _tar = new TarWriter(output);
        _subject = tree;
        _latest = options?.LatestTime is { } latest ? FileTime.From(latest) : null;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Writes the tar of <paramref name="tree"/>; returns its length and the bytes of the regular files in it.</summary>
    public static (long Length, long Size) Write(string tree, Stream output, LayerCommit? options, CancellationToken cancellationToken)
    {
        var tar = new LayerTar(tree, output, options, cancellationToken);
        using (var root = DirectoryHandle.Open(tree))
        {
            tar.AddChildren(root, []);
        }

        tar._tar.Finish();
        output.Flush();
        return (tar._tar.Length, tar._size);
    }

    private void AddChildren(DirectoryHandle directory, byte[] prefix)
    {
        if (Whiteout.IsOpaque(directory))
        {
            _tar.Begin(Deletion([.. prefix, .. Whiteout.OpaqueMarker]));
        }

        foreach (var name in directory.GetNames())
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Add(directory, name, [.. prefix, .. name]);
        }
    }

    private void Add(DirectoryHandle parent, byte[] name, byte[] path)
    {
        var status = parent.GetStatus(name);
        if (status.IsWhiteout)
        {
            _tar.Begin(Deletion([.. path.AsSpan(0, path.Length - name.Length), .. Whiteout.Prefix, .. name]));
            return;
        }

        if (name.AsSpan().StartsWith(Whiteout.Prefix))
        {
            throw Refuse(path, "names beginning with '.wh.' mean deletions in a layer and cannot be files");
        }

        switch (status.Kind)
        {
            case FileKind.Socket:
                // A socket without its process is nothing, and tar has no form for it.
                return;
            case FileKind.Directory:
                using (var directory = parent.TryOpenDirectory(name) ?? throw Refuse(path, "it changed while it was read"))
                {
                    var modified = Clamp(parent, name, status.Modified);
                    _tar.Begin(Entry(TarEntryKind.Directory, [.. path, (byte)'/'], status, modified, Attributes(directory, default, path)));
                    AddChildren(directory, [.. path, (byte)'/']);
                }

                return;
            default:
                AddNode(parent, name, path, status);
                return;
        }
    }

    private void AddNode(DirectoryHandle parent, byte[] name, byte[] path, FileStatus status)
    {
        var modified = Clamp(parent, name, status.Modified);
        if (status.Links > 1)
        {
            if (_links.TryGetValue((status.Device, status.Inode), out var first))
            {
                _tar.Begin(Entry(TarEntryKind.HardLink, path, status, modified, []) with { LinkName = first });
                return;
            }

            _links.Add((status.Device, status.Inode), path);
        }

        var entry = Entry(Kind(status.Kind), path, status, modified, Attributes(parent, name, path));
        switch (status.Kind)
        {
            case FileKind.Regular:
                AddFile(parent, name, entry with { Size = status.Size });
                break;
            case FileKind.SymbolicLink:
                _tar.Begin(entry with { LinkName = parent.ReadLink(name), Mode = 0x1ff });
                break;
            default:
                _tar.Begin(entry with { DeviceMajor = status.NodeMajor, DeviceMinor = status.NodeMinor });
                break;
        }
    }

    private void AddFile(DirectoryHandle parent, byte[] name, TarEntry entry)
    {
        _tar.Begin(entry);
        _size += entry.Size;
        if (entry.Size == 0)
        {
            return;
        }

        using var file = parent.OpenFile(name);
        var remaining = entry.Size;
        while (remaining > 0)
        {
            var count = file.Read(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, remaining)));
            if (count == 0)
            {
                throw Refuse(entry.Name, "it became shorter while it was read");
            }

            _tar.Write(_buffer.AsSpan(0, count));
            remaining -= count;
        }
    }

    /// <summary>Brings a time down to the latest one allowed, in the tree too: it must give the same tar again.</summary>
    private FileTime Clamp(DirectoryHandle parent, byte[] name, FileTime modified)
    {
        if (_latest is not { } latest || modified <= latest)
        {
            return modified;
        }

        parent.SetTime(name, latest);
        return latest;
    }

    private List<TarAttribute> Attributes(DirectoryHandle parent, ReadOnlySpan<byte> name, byte[] path)
    {
        var result = new List<TarAttribute>();
        foreach (var attribute in parent.GetAttributeNames(name))
        {
            if (attribute.AsSpan().EndsWith(".overlay.redirect"u8) || attribute.AsSpan().EndsWith(".overlay.metacopy"u8))
            {
                throw Refuse(path, "overlayfs left a redirect there; mount with redirect_dir=off and metacopy=off");
            }

            if (!Whiteout.IsOverlayAttribute(attribute) && !attribute.AsSpan().SequenceEqual("security.selinux"u8)
                && parent.TryGetAttribute(name, attribute) is { } value)
            {
                result.Add(new TarAttribute(attribute, value));
            }
        }

        return result;
    }

    private static TarEntry Entry(TarEntryKind kind, byte[] path, FileStatus status, FileTime modified, List<TarAttribute> attributes) => new()
    {
        Kind = kind,
        Name = path,
        Mode = status.Mode,
        Owner = status.Owner,
        Group = status.Group,
        ModifiedSeconds = modified.Seconds,
        ModifiedNanoseconds = modified.Nanoseconds,
        Attributes = attributes,
    };

    private static TarEntry Deletion(byte[] path) => new() { Kind = TarEntryKind.File, Name = path };

    private static TarEntryKind Kind(FileKind kind) => kind switch
    {
        FileKind.Regular => TarEntryKind.File,
        FileKind.SymbolicLink => TarEntryKind.SymbolicLink,
        FileKind.CharacterDevice => TarEntryKind.CharacterDevice,
        FileKind.BlockDevice => TarEntryKind.BlockDevice,
        FileKind.Fifo => TarEntryKind.Fifo,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private ContainerToolsException Refuse(byte[] path, string why) => new(
        ErrorKind.Conflict, "LayerNotReadable", $"{Path.GetFileName(_subject)}: '{Encoding.UTF8.GetString(path)}' cannot become part of a layer: {why}.", _subject);
}
