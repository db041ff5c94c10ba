using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Mounts;

/// <summary>What overlayfs records on a directory of a layer (Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories").</summary>
public static partial class OverlayDirectory
{
    /// <summary>True when the directory hides all that lower layers hold at its path.</summary>
    public static unsafe bool IsOpaque(string path)
    {
        byte value;
        return GetAttribute(path, "trusted.overlay.opaque", &value, 1) == 1 && value == (byte)'y';
    }

    [LibraryImport("libc", EntryPoint = "lgetxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint GetAttribute(string path, string name, void* value, nuint size);
}
