namespace ContainerTools.Linux;

/// <summary>What statx(2) says of a node.</summary>
/// <param name="Kind">Type.</param>
/// <param name="Mode">Permission bits with set-id and sticky bits (07777).</param>
/// <param name="Owner">User id.</param>
/// <param name="Group">Group id.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Links">Hard links.</param>
/// <param name="Inode">Inode number.</param>
/// <param name="Device">Device the node lies on, major in the high half.</param>
/// <param name="Modified">Time of the last change of content.</param>
/// <param name="NodeMajor">Major number of a device node.</param>
/// <param name="NodeMinor">Minor number of a device node.</param>
public readonly record struct FileStatus(
    FileKind Kind,
    int Mode,
    uint Owner,
    uint Group,
    long Size,
    uint Links,
    ulong Inode,
    ulong Device,
    FileTime Modified,
    uint NodeMajor,
    uint NodeMinor)
{
    /// <summary>True for what overlayfs takes as "deleted": a 0:0 character device.</summary>
    public bool IsWhiteout => Kind == FileKind.CharacterDevice && NodeMajor == 0 && NodeMinor == 0;

    internal static FileStatus From(ReadOnlySpan<byte> statx)
    {
        var mode = BitConverter.ToUInt16(statx[28..]);
        return new FileStatus(
            (FileKind)(mode & 0xf000),
            mode & 0xfff,
            BitConverter.ToUInt32(statx[20..]),
            BitConverter.ToUInt32(statx[24..]),
            BitConverter.ToInt64(statx[40..]),
            BitConverter.ToUInt32(statx[16..]),
            BitConverter.ToUInt64(statx[32..]),
            ((ulong)BitConverter.ToUInt32(statx[136..]) << 32) | BitConverter.ToUInt32(statx[140..]),
            new FileTime(BitConverter.ToInt64(statx[112..]), (int)BitConverter.ToUInt32(statx[120..])),
            BitConverter.ToUInt32(statx[128..]),
            BitConverter.ToUInt32(statx[132..]));
    }
}
