using System.Runtime.InteropServices;
using ContainerTools.Linux;

namespace ContainerTools.Engine.Build.Context;

/// <summary>Type of a file system node (inode(7), S_IFMT).</summary>
internal enum NodeKind
{
    Fifo = 0x1000,
    CharacterDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    File = 0x8000,
    SymbolicLink = 0xA000,
    Socket = 0xC000,
}

/// <summary>What statx(2) says of a node, symbolic links not followed. Value equality is what the digest cache relies on.</summary>
internal readonly partial record struct NodeStatus
{
    private const int CurrentDirectory = -100;
    private const int SymlinkNoFollow = 0x100;
    private const uint BasicStatus = 0x7ff;
    private const int NoEntry = 2;
    private const int NotDirectory = 20;

    public NodeKind Kind { get; private init; }

    /// <summary>Permission, set-id and sticky bits.</summary>
    public int Mode { get; private init; }

    public uint UserId { get; private init; }

    public uint GroupId { get; private init; }

    public long Size { get; private init; }

    public ulong Inode { get; private init; }

    public ulong Device { get; private init; }

    public (long Seconds, uint Nanoseconds) Modified { get; private init; }

    public (long Seconds, uint Nanoseconds) Changed { get; private init; }

    public (uint Major, uint Minor) DeviceNumber { get; private init; }

    /// <summary>True for a deletion mark of overlayfs.</summary>
    public bool IsWhiteout => Kind == NodeKind.CharacterDevice && DeviceNumber == (0, 0);

    /// <summary>Status of a path; null when there is nothing. Throws <see cref="LinuxException"/>.</summary>
    public static unsafe NodeStatus? Of(string path)
    {
        var buffer = stackalloc byte[256];
        if (Statx(CurrentDirectory, path, SymlinkNoFollow, BasicStatus, buffer) != 0)
        {
            return Marshal.GetLastPInvokeError() is NoEntry or NotDirectory ? null : throw LinuxException.FromLastError("statx", path);
        }

        var status = new ReadOnlySpan<byte>(buffer, 256);
        var mode = BitConverter.ToUInt16(status[28..]);
        return new NodeStatus
        {
            Kind = (NodeKind)(mode & 0xF000),
            Mode = mode & 0xFFF,
            UserId = BitConverter.ToUInt32(status[20..]),
            GroupId = BitConverter.ToUInt32(status[24..]),
            Inode = BitConverter.ToUInt64(status[32..]),
            Size = BitConverter.ToInt64(status[40..]),
            Changed = (BitConverter.ToInt64(status[96..]), BitConverter.ToUInt32(status[104..])),
            Modified = (BitConverter.ToInt64(status[112..]), BitConverter.ToUInt32(status[120..])),
            DeviceNumber = (BitConverter.ToUInt32(status[128..]), BitConverter.ToUInt32(status[132..])),
            Device = ((ulong)BitConverter.ToUInt32(status[136..]) << 32) | BitConverter.ToUInt32(status[140..]),
        };
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int directory, string path, int flags, uint mask, byte* buffer);
}
