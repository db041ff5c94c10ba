using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Mounts;

/// <summary>umount2(2).</summary>
public static partial class Unmount
{
    private const int DetachFlag = 2;
    private const int NoFollow = 8;
    private const int InvalidArgument = 22;
    private const int NoEntry = 2;

    /// <summary>Takes a mount out of the tree at once (MNT_DETACH), never following a symbolic link; nothing happens when it is none. Throws <see cref="LinuxException"/>.</summary>
    public static void Detach(string path)
    {
        if (Native(path, DetachFlag | NoFollow) != 0 && Marshal.GetLastPInvokeError() is not (InvalidArgument or NoEntry))
        {
            throw LinuxException.FromLastError("umount2", path);
        }
    }

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Native(string path, int flags);
}
