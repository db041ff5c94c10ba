using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Processes;

/// <summary>A named pipe (fifo(7)).</summary>
public static partial class Fifo
{
    private const int ReadWrite = 2;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int NoReader = 6;

    /// <summary>Makes a named pipe and opens it for reading and writing, so that neither end ever waits for the other.</summary>
    public static SafeFileHandle Create(string path)
    {
        if (MakeFifo(path, 0x180) != 0)
        {
            throw LinuxException.FromLastError("mkfifo", path);
        }

        int descriptor = OpenFile(path, ReadWrite | CloseOnExec, 0);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw LinuxException.FromLastError("open", path);
    }

    /// <summary>Opens for writing; null when nobody reads.</summary>
    public static SafeFileHandle? OpenWriter(string path)
    {
        int descriptor = OpenFile(path, 1 | CloseOnExec | NonBlocking, 0);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        return Marshal.GetLastPInvokeError() == NoReader ? null : throw LinuxException.FromLastError("open", path);
    }

    /// <summary>Opens for reading without waiting for a writer.</summary>
    public static SafeFileHandle OpenReader(string path)
    {
        int descriptor = OpenFile(path, CloseOnExec | NonBlocking, 0);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw LinuxException.FromLastError("open", path);
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, int mode);
}
