using System.Text;

namespace ContainerTools.Linux;

/// <summary>
/// An open directory. Every operation names a single entry of it, never a path, and never follows a symbolic link; only
/// <see cref="TryOpenBelow"/> takes a path, which the kernel resolves as if this directory were the root. Names are bytes.
/// </summary>
public sealed unsafe partial class DirectoryHandle : IDisposable
{
    private const int MaximumPath = 4096;
    private readonly string _path;
    private int _fd;
    private bool _locked;

    private DirectoryHandle(int fd, string path) => (_fd, _path) = (fd, path);

    /// <summary>The descriptor's number.</summary>
    public int Number => _fd;

    /// <summary>Opens a directory by a trusted path.</summary>
    public static DirectoryHandle Open(string path)
    {
        const int CurrentDirectory = -100;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            var fd = FileCalls.OpenAt(CurrentDirectory, name, FileCalls.ReadOnly | FileCalls.Directory | FileCalls.CloseOnExec, 0);
            return fd >= 0 ? new DirectoryHandle(fd, path) : throw LinuxException.FromLastError("open", path);
        }
    }

    /// <summary>
    /// Opens a directory by a relative path, with symbolic links resolved as if this directory were the root (openat2, RESOLVE_IN_ROOT,
    /// RESOLVE_NO_MAGICLINKS). Returns null when it is missing or no directory.
    /// </summary>
    public DirectoryHandle? TryOpenBelow(ReadOnlySpan<byte> path)
    {
        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        fixed (byte* start = Terminated(path.IsEmpty ? "."u8 : path, buffer))
        {
            // A rename elsewhere in the tree makes the kernel give up with EAGAIN; it asks for another try (openat2(2)).
            for (var attempt = 0; ; attempt++)
            {
                var fd = FileCalls.OpenAt2(
                    _fd,
                    start,
                    (ulong)(FileCalls.ReadOnly | FileCalls.Directory | FileCalls.CloseOnExec),
                    0,
                    FileCalls.ResolveInRoot | FileCalls.ResolveNoMagicLinks | FileCalls.ResolveNoCrossDevice);
                if (fd >= 0)
                {
                    return new DirectoryHandle(fd, Name(path));
                }

                switch (LinuxError.Last)
                {
                    case LinuxError.WouldBlock or LinuxError.Interrupted when attempt < 128:
                        continue;
                    case LinuxError.NotFound or LinuxError.NotDirectory:
                        return null;
                    default:
                        throw LinuxException.FromLastError("openat2", Name(path));
                }
            }
        }
    }

    /// <summary>Opens a subdirectory that is no symbolic link; null when it is missing or anything else.</summary>
    public DirectoryHandle? TryOpenDirectory(ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        fixed (byte* start = Terminated(name, buffer))
        {
            var fd = FileCalls.OpenAt(_fd, start, FileCalls.ReadOnly | FileCalls.Directory | FileCalls.NoFollow | FileCalls.CloseOnExec, 0);
            return fd >= 0
                ? new DirectoryHandle(fd, Name(name))
                : LinuxError.Last is LinuxError.NotFound or LinuxError.NotDirectory or LinuxError.Loop
                    ? null
                    : throw LinuxException.FromLastError("openat", Name(name));
        }
    }

    /// <summary>Opens a regular file for reading; a symbolic link is an error.</summary>
    public FileDescriptor OpenFile(ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        fixed (byte* start = Terminated(name, buffer))
        {
            var fd = FileCalls.OpenAt(
                _fd, start, FileCalls.ReadOnly | FileCalls.NoFollow | FileCalls.NonBlocking | FileCalls.CloseOnExec, 0);
            return fd >= 0 ? new FileDescriptor(fd, Name(name)) : throw LinuxException.FromLastError("openat", Name(name));
        }
    }

    /// <summary>Makes a new file, open for writing; null when the name is taken.</summary>
    public FileDescriptor? TryCreateFile(ReadOnlySpan<byte> name, int mode)
    {
        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        fixed (byte* start = Terminated(name, buffer))
        {
            var fd = FileCalls.OpenAt(
                _fd,
                start,
                FileCalls.WriteOnly | FileCalls.Create | FileCalls.Exclusive | FileCalls.NoFollow | FileCalls.CloseOnExec,
                (uint)mode);
            return fd >= 0
                ? new FileDescriptor(fd, Name(name))
                : LinuxError.Last == LinuxError.Exists ? null : throw LinuxException.FromLastError("openat", Name(name));
        }
    }

    /// <summary>Makes a directory; false when the name is taken.</summary>
    public bool TryMakeDirectory(ReadOnlySpan<byte> name, int mode)
    {
        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        fixed (byte* start = Terminated(name, buffer))
        {
            return Made(FileCalls.MakeDirectory(_fd, start, (uint)mode), "mkdirat", name);
        }
    }

    /// <summary>Makes a device node, pipe or socket; false when the name is taken.</summary>
    public bool TryMakeNode(ReadOnlySpan<byte> name, FileKind kind, int mode, uint major, uint minor)
    {
        var device = ((ulong)(major & 0xfffff000) << 32) | ((ulong)(major & 0xfff) << 8) | ((ulong)(minor & 0xffffff00) << 12) | (minor & 0xff);
        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        fixed (byte* start = Terminated(name, buffer))
        {
            return Made(FileCalls.MakeNode(_fd, start, (uint)kind | (uint)mode, device), "mknodat", name);
        }
    }

    /// <summary>Makes a symbolic link; false when the name is taken.</summary>
    public bool TryMakeSymbolicLink(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        Span<byte> targetBuffer = stackalloc byte[MaximumPath + 1];
        fixed (byte* start = Terminated(name, buffer))
        fixed (byte* targetStart = Terminated(target, targetBuffer))
        {
            return Made(FileCalls.SymbolicLink(targetStart, _fd, start), "symlinkat", name);
        }
    }

    /// <summary>Makes a further name for an entry of <paramref name="from"/> (a symbolic link is linked itself); false when the name is taken.</summary>
    public bool TryMakeHardLink(ReadOnlySpan<byte> name, DirectoryHandle from, ReadOnlySpan<byte> existing)
    {
        Span<byte> buffer = stackalloc byte[MaximumPath + 1];
        Span<byte> existingBuffer = stackalloc byte[MaximumPath + 1];
        fixed (byte* start = Terminated(name, buffer))
        fixed (byte* existingStart = Terminated(existing, existingBuffer))
        {
            return Made(FileCalls.HardLink(from._fd, existingStart, _fd, start, 0), "linkat", name);
        }
    }

    /// <summary>Names of all entries but <c>.</c> and <c>..</c>, in byte order.</summary>
    public List<byte[]> GetNames()
    {
        const int BufferSize = 32 * 1024;
        const int LengthOffset = 16;
        const int NameOffset = 19;
        const int FromStart = 0;
        var names = new List<byte[]>();
        var buffer = new byte[BufferSize];
        Check(FileCalls.Seek(_fd, 0, FromStart) < 0, "lseek", default);
        fixed (byte* start = buffer)
        {
            nint count;
            while ((count = FileCalls.GetEntries(_fd, start, BufferSize)) > 0)
            {
                for (var offset = 0; offset < count; offset += BitConverter.ToUInt16(buffer, offset + LengthOffset))
                {
                    var name = buffer.AsSpan(offset + NameOffset);
                    name = name[..name.IndexOf((byte)0)];
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    {
                        names.Add(name.ToArray());
                    }
                }
            }

            // A directory that was removed meanwhile has no entries (getdents(2), ENOENT).
            Check(count < 0 && LinuxError.Last != LinuxError.NotFound, "getdents64", default);
        }

        names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        return names;
    }

    /// <summary>Forces everything that was written to this directory's file system to the disk (syncfs(2)).</summary>
    public void SyncFileSystem() => Check(FileCalls.SyncFileSystem(_fd) != 0, "syncfs", default);

    /// <summary>Takes a lock on the directory itself (flock(2)), shared with others that share it or exclusive; false while another's is in the way.</summary>
    public bool TryLock(bool shared)
    {
        var taken = FileCalls.Lock(_fd, (shared ? FileCalls.LockShared : FileCalls.LockExclusive) | FileCalls.LockNonBlocking) == 0;
        Check(!taken && LinuxError.Last != LinuxError.WouldBlock, "flock", default);
        _locked |= taken;
        return taken;
    }

    /// <summary>A second handle on the same directory.</summary>
    public DirectoryHandle Duplicate() => TryOpenDirectory("."u8) ?? throw new LinuxException(LinuxError.NotFound, "openat", _path);

    /// <summary>Takes the exclusive lock (flock(2)) on the directory itself if nobody holds one; it goes with this handle.</summary>
    public bool TryLock()
    {
        if (FileCalls.Lock(_fd, FileCalls.LockExclusive | FileCalls.LockNonBlocking) == 0)
        {
            return true;
        }

        Check(LinuxError.Last != LinuxError.WouldBlock, "flock", default);
        return false;
    }

    /// <summary>Closes the directory.</summary>
    public void Dispose()
    {
        if (_fd >= 0)
        {
            FileCalls.Close(_fd, _locked);
            _fd = -1;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _path;

    /// <summary>Copies a name with the NUL that the kernel needs; refuses what the kernel would misread.</summary>
    private static Span<byte> Terminated(ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        if (name.Length > MaximumPath - 1)
        {
            throw new LinuxException(LinuxError.NameTooLong, "open", Encoding.UTF8.GetString(name[..64]) + "…");
        }

        if (name.Contains((byte)0))
        {
            throw new ArgumentException("A file name cannot contain a NUL byte.", nameof(name));
        }

        name.CopyTo(buffer);
        buffer[name.Length] = 0;
        return buffer;
    }

    private bool Made(int result, string call, ReadOnlySpan<byte> name)
    {
        if (result == 0)
        {
            return true;
        }

        return LinuxError.Last == LinuxError.Exists ? false : throw LinuxException.FromLastError(call, Name(name));
    }

    private void Check(bool failed, string call, ReadOnlySpan<byte> name)
    {
        if (failed)
        {
            throw LinuxException.FromLastError(call, Name(name));
        }
    }

    private string Name(ReadOnlySpan<byte> name) => name.IsEmpty ? _path : System.IO.Path.Combine(_path, Encoding.UTF8.GetString(name));
}
