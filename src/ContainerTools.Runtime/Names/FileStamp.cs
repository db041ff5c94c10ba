using System.Runtime.InteropServices;

namespace ContainerTools.Runtime.Names;

/// <summary>Which file lies at a path, symbolic links followed, and when it was last changed; all zero when there is none.</summary>
internal readonly unsafe partial record struct FileStamp(ulong Inode, long Seconds, uint Nanoseconds)
{
    /// <summary>Looks at a path, given with a NUL at its end.</summary>
    public static FileStamp Of(byte[] path)
    {
        const int CurrentDirectory = -100;
        const uint InodeAndModification = 0x100 | 0x40;
        var result = stackalloc ulong[32]; // struct statx: stx_ino at 32, stx_mtime at 112
        fixed (byte* pointer = path)
        {
            return statx(CurrentDirectory, pointer, 0, InodeAndModification, result) == 0 ? new FileStamp(result[4], (long)result[14], (uint)result[15]) : default;
        }
    }

    [LibraryImport("libc")]
    private static partial int statx(int directory, byte* path, int flags, uint mask, ulong* result);
}
