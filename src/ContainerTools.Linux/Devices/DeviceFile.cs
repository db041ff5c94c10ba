using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Devices;

/// <summary>A device node as statx(2) shows it.</summary>
/// <param name="IsBlock">True for a block device, false for a character device.</param>
/// <param name="Major">Major number.</param>
/// <param name="Minor">Minor number.</param>
/// <param name="Permissions">Permission bits.</param>
/// <param name="Uid">Owner.</param>
/// <param name="Gid">Group.</param>
public readonly partial record struct DeviceFile(bool IsBlock, uint Major, uint Minor, uint Permissions, uint Uid, uint Gid)
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int FormatMask = 0xf000;
    private const int Character = 0x2000;
    private const int Block = 0x6000;

    /// <summary>Reads a node without following links; null when the path is none or is no device.</summary>
    public static unsafe DeviceFile? TryRead(string path)
    {
        Statx result;
        if (Native(CurrentDirectory, path, NoFollow, BasicStats, &result) != 0 || (result.Mode & FormatMask) is not (Character or Block))
        {
            return null;
        }

        return new DeviceFile((result.Mode & FormatMask) == Block, result.DeviceMajor, result.DeviceMinor, result.Mode & 0xfffu, result.Uid, result.Gid);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Native(int directory, string path, int flags, uint mask, Statx* result);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(20)]
        public uint Uid;
        [FieldOffset(24)]
        public uint Gid;
        [FieldOffset(28)]
        public ushort Mode;
        [FieldOffset(128)]
        public uint DeviceMajor;
        [FieldOffset(132)]
        public uint DeviceMinor;
    }
}
