using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Processes;

/// <summary>Plain reading, writing and opening of descriptors, without the buffers and the bookkeeping of streams.</summary>
public static unsafe partial class Descriptor
{
    private const int CloseOnExec = 0x80000;
    private const int DuplicateCloseOnExec = 1030;
    private const int Interrupted = 4;

    /// <summary>Reads; 0 at the end, -1 with errno when it fails.</summary>
    public static int Read(SafeFileHandle handle, Span<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(handle);
        fixed (byte* pointer = buffer)
        {
            nint count;
            do
            {
                count = NativeRead((int)handle.DangerousGetHandle(), pointer, (nuint)buffer.Length);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == Interrupted);
            return (int)count;
        }
    }

    /// <summary>Writes everything. Throws <see cref="LinuxException"/>.</summary>
    public static void Write(SafeFileHandle handle, ReadOnlySpan<byte> data, string? path = null)
    {
        ArgumentNullException.ThrowIfNull(handle);
        Write((int)handle.DangerousGetHandle(), data, path);
    }

    /// <summary>Writes everything. Throws <see cref="LinuxException"/>.</summary>
    public static void Write(int descriptor, ReadOnlySpan<byte> data, string? path = null)
    {
        fixed (byte* pointer = data)
        {
            nuint done = 0;
            while (done < (nuint)data.Length)
            {
                nint count = NativeWrite(descriptor, pointer + done, (nuint)data.Length - done);
                if (count >= 0)
                {
                    done += (nuint)count;
                }
                else if (Marshal.GetLastPInvokeError() != Interrupted)
                {
                    throw LinuxException.FromLastError("write", path);
                }
            }
        }
    }

    /// <summary>Opens a file, closed on exec. Throws <see cref="LinuxException"/>.</summary>
    public static SafeFileHandle Open(string path, int flags)
    {
        int descriptor = NativeOpen(path, flags | CloseOnExec, 0);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw LinuxException.FromLastError("open", path);
    }

    /// <summary>Duplicates a descriptor to one of at least <paramref name="minimum"/>, closed on exec. Throws <see cref="LinuxException"/>.</summary>
    public static SafeFileHandle Duplicate(int descriptor, int minimum)
    {
        int copy = NativeFcntl(descriptor, DuplicateCloseOnExec, minimum);
        return copy >= 0 ? new SafeFileHandle(copy, ownsHandle: true) : throw LinuxException.FromLastError("fcntl");
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint NativeRead(int descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint NativeWrite(int descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeOpen(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int NativeFcntl(int descriptor, int command, int argument);
}
