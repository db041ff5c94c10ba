using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Processes;

/// <summary>mkdir(2) that tells making from finding.</summary>
public static partial class DirectoryMaking
{
    private const int Exists = 17;

    /// <summary>Makes a directory; false when something of that name exists. Throws <see cref="LinuxException"/>.</summary>
    public static bool TryMake(string path, uint mode)
    {
        if (MakeDirectory(path, mode) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == Exists ? false : throw LinuxException.FromLastError("mkdir", path);
    }

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeDirectory(string path, uint mode);
}
