using System.Text;

namespace ContainerTools.Linux;

/// <content>Reading and changing entries.</content>
public sealed unsafe partial class DirectoryHandle
{
    private const int MaximumAttribute = 64 * 1024;

    /// <summary>What an entry is; null when it is missing. The empty name is the directory itself.</summary>
    public FileStatus? TryGetStatus(ReadOnlySpan<byte> name)
    {
        const uint BasicStatus = 0x7ff;
        const int StatusSize = 256;
        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        Span<byte> status = stackalloc byte[StatusSize];
        fixed (byte* start = Terminated(name, buffer))
        fixed (byte* result = status)
        {
            if (FileCalls.Status(_fd, start, FileCalls.AtSymlinkNoFollow | FileCalls.AtEmptyPath, BasicStatus, result) == 0)
            {
                return FileStatus.From(status);
            }

            return LinuxError.Last == LinuxError.NotFound ? null : throw LinuxException.FromLastError("statx", Name(name));
        }
    }

    /// <summary>What an entry is.</summary>
    public FileStatus GetStatus(ReadOnlySpan<byte> name) => TryGetStatus(name) ?? throw new LinuxException(LinuxError.NotFound, "statx", Name(name));

    /// <summary>Target of a symbolic link.</summary>
    public byte[] ReadLink(ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        Span<byte> target = stackalloc byte[MaximumPath];
        fixed (byte* start = Terminated(name, buffer))
        fixed (byte* result = target)
        {
            var length = FileCalls.ReadLink(_fd, start, result, MaximumPath);
            Check(length < 0, "readlinkat", name);
            return target[..(int)length].ToArray();
        }
    }

    /// <summary>Sets owner and group of an entry; the empty name is the directory itself.</summary>
    public void SetOwner(ReadOnlySpan<byte> name, uint owner, uint group)
    {
        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        fixed (byte* start = Terminated(name, buffer))
        {
            Check(FileCalls.ChangeOwner(_fd, start, owner, group, FileCalls.AtSymlinkNoFollow | FileCalls.AtEmptyPath) != 0, "fchownat", name);
        }
    }

    /// <summary>Sets mode bits of an entry that is known not to be a symbolic link; the empty name is the directory itself.</summary>
    public void SetMode(ReadOnlySpan<byte> name, int mode)
    {
        if (name.IsEmpty)
        {
            Check(FileCalls.ChangeMode(_fd, (uint)mode) != 0, "fchmod", name);
            return;
        }

        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        fixed (byte* start = Terminated(name, buffer))
        {
            Check(FileCalls.ChangeMode(_fd, start, (uint)mode, 0) != 0, "fchmodat", name);
        }
    }

    /// <summary>Sets access and modification time of an entry; the empty name is the directory itself.</summary>
    public void SetTime(ReadOnlySpan<byte> name, FileTime time)
    {
        var times = stackalloc long[4] { time.Seconds, time.Nanoseconds, time.Seconds, time.Nanoseconds };
        if (name.IsEmpty)
        {
            Check(FileCalls.ChangeTimes(_fd, times) != 0, "futimens", name);
            return;
        }

        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        fixed (byte* start = Terminated(name, buffer))
        {
            Check(FileCalls.ChangeTimes(_fd, start, times, FileCalls.AtSymlinkNoFollow) != 0, "utimensat", name);
        }
    }

    /// <summary>Sets an extended attribute; returns false when the file system does not take attributes of that kind.</summary>
    public bool TrySetAttribute(ReadOnlySpan<byte> name, ReadOnlySpan<byte> attribute, ReadOnlySpan<byte> value)
    {
        fixed (byte* path = AttributePath(name))
        fixed (byte* attributeName = Terminated(attribute, new byte[attribute.Length + 1]))
        fixed (byte* content = value)
        {
            if (FileCalls.SetAttribute(path, attributeName, content, (nuint)value.Length, 0) == 0)
            {
                return true;
            }

            return LinuxError.Last == LinuxError.NotSupported ? false : throw LinuxException.FromLastError("lsetxattr", Name(name));
        }
    }

    /// <summary>Value of an extended attribute; null when there is none.</summary>
    public byte[]? TryGetAttribute(ReadOnlySpan<byte> name, ReadOnlySpan<byte> attribute)
    {
        var buffer = new byte[MaximumAttribute];
        fixed (byte* path = AttributePath(name))
        fixed (byte* attributeName = Terminated(attribute, new byte[attribute.Length + 1]))
        fixed (byte* content = buffer)
        {
            var length = FileCalls.GetAttribute(path, attributeName, content, MaximumAttribute);
            return length >= 0
                ? buffer[..(int)length]
                : LinuxError.Last is LinuxError.NoData or LinuxError.NotSupported
                    ? null
                    : throw LinuxException.FromLastError("lgetxattr", Name(name));
        }
    }

    /// <summary>Names of an entry's extended attributes, in byte order.</summary>
    public List<byte[]> GetAttributeNames(ReadOnlySpan<byte> name)
    {
        fixed (byte* path = AttributePath(name))
        {
            var small = stackalloc byte[1024];
            var length = FileCalls.ListAttributes(path, small, 1024);
            if (length >= 0)
            {
                return Split(new ReadOnlySpan<byte>(small, (int)length));
            }

            if (LinuxError.Last == LinuxError.NotSupported)
            {
                return [];
            }

            Check(LinuxError.Last != LinuxError.Range, "llistxattr", name);
            var buffer = new byte[MaximumAttribute];
            fixed (byte* list = buffer)
            {
                length = FileCalls.ListAttributes(path, list, MaximumAttribute);
                Check(length < 0, "llistxattr", name);
                return Split(buffer.AsSpan(0, (int)length));
            }
        }
    }

    /// <summary>Removes an entry that is no directory; false when it is missing.</summary>
    public bool TryRemoveFile(ReadOnlySpan<byte> name) => TryUnlink(name, 0);

    /// <summary>Removes an empty directory; false when it is missing.</summary>
    public bool TryRemoveDirectory(ReadOnlySpan<byte> name) => TryUnlink(name, FileCalls.AtRemoveDirectory);

    /// <summary>
    /// Removes an entry with everything below it; returns the bytes of the regular files whose last name went. Symbolic links are removed, not
    /// followed; a mount point below is an error.
    /// </summary>
    public long RemoveTree(ReadOnlySpan<byte> name) => TryGetStatus(name) is { } status ? RemoveTree(name, status) : 0;

    private long RemoveTree(ReadOnlySpan<byte> name, FileStatus status)
    {
        if (status.Kind != FileKind.Directory)
        {
            return TryRemoveFile(name) && status is { Kind: FileKind.Regular, Links: 1 } ? status.Size : 0;
        }

        var removed = 0L;
        using (var directory = TryOpenDirectory(name))
        {
            if (directory is null)
            {
                return 0;
            }

            if (directory.GetStatus(default).Device != GetStatus(default).Device)
            {
                throw new LinuxException(LinuxError.CrossDevice, "unlinkat", Name(name));
            }

            foreach (var entry in directory.GetNames())
            {
                if (directory.TryGetStatus(entry) is { } entryStatus)
                {
                    removed += directory.RemoveTree(entry, entryStatus);
                }
            }
        }

        _ = TryRemoveDirectory(name);
        return removed;
    }

    private bool TryUnlink(ReadOnlySpan<byte> name, int flags)
    {
        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        fixed (byte* start = Terminated(name, buffer))
        {
            if (FileCalls.Unlink(_fd, start, flags) == 0)
            {
                return true;
            }

            return LinuxError.Last == LinuxError.NotFound ? false : throw LinuxException.FromLastError("unlinkat", Name(name));
        }
    }

    // Extended attributes have no *at calls before Linux 6.13; /proc/self/fd names the directory by its descriptor.
    private byte[] AttributePath(ReadOnlySpan<byte> name)
    {
        var prefix = Encoding.ASCII.GetBytes($"/proc/self/fd/{_fd}/");
        var path = new byte[prefix.Length + Math.Max(name.Length, 1) + 1];
        prefix.CopyTo(path, 0);
        (name.IsEmpty ? "."u8 : name).CopyTo(path.AsSpan(prefix.Length));
        return path;
    }

    private static List<byte[]> Split(ReadOnlySpan<byte> list)
    {
        var names = new List<byte[]>();
        while (!list.IsEmpty)
        {
            var end = list.IndexOf((byte)0);
            names.Add(list[..end].ToArray());
            list = list[(end + 1)..];
        }

        names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        return names;
    }
}
