using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ContainerTools.Linux;

/// <summary>
/// What entries of directories, with everything below them, take on their file system: allocated blocks, as du(1) counts them. Stays on one mount, follows no link,
/// and passes over what goes away meanwhile. Not thread-safe; several may share <paramref name="linked"/>.
/// </summary>
/// <param name="linked">Inodes with several names that were counted already: each counts where it is met first.</param>
public sealed unsafe partial class DiskUsage(ConcurrentDictionary<ulong, bool> linked) : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private const int StatusSize = 256;
    private byte* _entries = (byte*)NativeMemory.Alloc(BufferSize);
    private byte* _status = (byte*)NativeMemory.AllocZeroed(StatusSize);
    private long _size;
    private ulong? _device;

    /// <summary>Bytes of an entry; the empty name is the directory itself.</summary>
    /// <param name="parent">The directory; all of one object's lie on the same file system.</param>
    /// <param name="name">The entry.</param>
    /// <param name="below">False measures a directory alone, without what is in it.</param>
    public long Measure(DirectoryHandle parent, ReadOnlySpan<byte> name, bool below = true)
    {
        _device ??= parent.GetStatus(default).Device;
        _size = 0;
        var terminated = new byte[name.Length + 1];
        name.CopyTo(terminated);
        if (AddEntry(parent.Number, terminated) == FileKind.Directory && below)
        {
            Descend(parent.Number, terminated);
        }

        return _size;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_entries);
        NativeMemory.Free(_status);
        _entries = null;
        _status = null;
    }

    private FileKind AddEntry(int directory, byte[] name)
    {
        fixed (byte* start = name)
        {
            return AddEntry(directory, start);
        }
    }

    /// <summary>Counts one entry; <see cref="FileKind.Unknown"/> when it is gone or something is mounted there.</summary>
    private FileKind AddEntry(int directory, byte* name)
    {
        const uint TypeLinksInodeBlocks = 0x1 | 0x4 | 0x100 | 0x400;
        const ulong MountRoot = 0x2000;
        const int DontSync = 0x4000;
        if (FileCalls.Status(directory, name, FileCalls.AtSymlinkNoFollow | FileCalls.AtEmptyPath | DontSync, TypeLinksInodeBlocks, _status) != 0)
        {
            return LinuxError.Last is LinuxError.NotFound or LinuxError.NotDirectory ? FileKind.Unknown : throw LinuxException.FromLastError("statx", Marshal.PtrToStringUTF8((nint)name)!);
        }

        // Offsets of struct statx; its blocks have 512 bytes whatever the file system's have.
        var kind = (FileKind)(*(ushort*)(_status + 28) & 0xf000);
        var device = ((ulong)*(uint*)(_status + 136) << 32) | *(uint*)(_status + 140);
        if (device != _device || (*name != 0 && (*(ulong*)(_status + 8) & MountRoot) != 0))
        {
            return FileKind.Unknown;
        }

        var names = *(uint*)(_status + 16);
        if (kind == FileKind.Directory || names == 1 || linked.TryAdd(*(ulong*)(_status + 32), true))
        {
            _size += *(long*)(_status + 48) * 512;
        }

        return kind;
    }
}
