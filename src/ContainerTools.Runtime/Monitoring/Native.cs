using System.Runtime.InteropServices;
using System.Text;
using ContainerTools.Linux;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>The system calls of the monitor: plain descriptors and unmanaged buffers, because every object costs memory for the life of a container.</summary>
internal static unsafe partial class Native
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int EBADF = 9;
    public const int EAGAIN = 11;
    public const int EBUSY = 16;
    public const int EINVAL = 22;
    public const int ENOSYS = 38;
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Truncate = 0x200;
    public const int Append = 0x400;
    public const int PathOnly = 0x200000;
    public const short PollIn = 1;
    public const short PollOut = 4;
    public const short PollError = 8;
    public const short PollHangup = 16;

    private const int SetDescriptorFlags = 2;
    private const int GetDescriptorFlags = 1;
    private const int DescriptorCloseOnExec = 1;
    private const int SeekEnd = 2;
    private const int PidfdIdType = 3;
    private const int WaitExited = 4;
    private const int KilledBySignal = 2;

    public static int LastError => Marshal.GetLastPInvokeError();

    public static int Open(string path, int flags, uint mode = 0)
    {
        fixed (byte* pointer = Bytes(path))
        {
            return open(pointer, flags | CloseOnExec, mode);
        }
    }

    public static int OpenOrThrow(string path, int flags, uint mode = 0)
    {
        var descriptor = Open(path, flags, mode);
        return descriptor >= 0 ? descriptor : throw new LinuxException(LastError, "open", path);
    }

    public static void Close(int descriptor)
    {
        if (descriptor >= 0)
        {
            _ = close(descriptor);
        }
    }

    /// <summary>A pipe whose ends are closed on exec.</summary>
    public static (int Reader, int Writer) Pipe()
    {
        var ends = stackalloc int[2];
        return pipe2(ends, CloseOnExec) == 0 ? (ends[0], ends[1]) : throw new LinuxException(LastError, "pipe2");
    }

    public static bool IsOpen(int descriptor) => fcntl(descriptor, GetDescriptorFlags, 0) >= 0;

    public static void CloseAtExec(int descriptor) => _ = fcntl(descriptor, SetDescriptorFlags, DescriptorCloseOnExec);

    public static void Duplicate(int descriptor, int target) => _ = dup3(descriptor, target, CloseOnExec);

    /// <summary>Bytes read; 0 at the end; negative errno.</summary>
    public static nint Read(int descriptor, byte* buffer, nint count)
    {
        nint result;
        do
        {
            result = read(descriptor, buffer, (nuint)count);
        }
        while (result < 0 && LastError == EINTR);
        return result >= 0 ? result : -LastError;
    }

    /// <summary>Bytes written; negative errno.</summary>
    public static nint Write(int descriptor, byte* buffer, nint count)
    {
        nint result;
        do
        {
            result = write(descriptor, buffer, (nuint)count);
        }
        while (result < 0 && LastError == EINTR);
        return result >= 0 ? result : -LastError;
    }

    /// <summary>Writes all of it; 0 or errno.</summary>
    public static int WriteAll(int descriptor, ReadOnlySpan<byte> data)
    {
        fixed (byte* pointer = data)
        {
            for (nint done = 0; done < data.Length;)
            {
                var count = Write(descriptor, pointer + done, data.Length - done);
                if (count < 0)
                {
                    return (int)-count;
                }

                done += count;
            }
        }

        return 0;
    }

    public static long Length(int descriptor) => lseek(descriptor, 0, SeekEnd);

    public static byte? ByteAt(int descriptor, long offset)
    {
        byte value;
        return pread(descriptor, &value, 1, offset) == 1 ? value : null;
    }

    public static void SetLength(int descriptor, long length) => _ = ftruncate(descriptor, length);

    public static int Sync(int descriptor) => fdatasync(descriptor) == 0 ? 0 : LastError;

    /// <summary>0 or errno.</summary>
    public static int Rename(string from, string to)
    {
        fixed (byte* source = Bytes(from))
        fixed (byte* target = Bytes(to))
        {
            return rename(source, target) == 0 ? 0 : LastError;
        }
    }

    /// <summary>0 or errno.</summary>
    public static int Unlink(string path)
    {
        fixed (byte* pointer = Bytes(path))
        {
            return unlink(pointer) == 0 ? 0 : LastError;
        }
    }

    /// <summary>0 or errno.</summary>
    public static int ChangeDirectory(string path)
    {
        fixed (byte* pointer = Bytes(path))
        {
            return chdir(pointer) == 0 ? 0 : LastError;
        }
    }

    /// <summary>0 or errno.</summary>
    public static int Unmount(string path, int flags)
    {
        fixed (byte* pointer = Bytes(path))
        {
            return umount2(pointer, flags) == 0 ? 0 : LastError;
        }
    }

    /// <summary>0 or errno.</summary>
    public static int Mount(string source, string target, string type, ulong flags, string data)
    {
        fixed (byte* from = Bytes(source))
        fixed (byte* to = Bytes(target))
        fixed (byte* kind = Bytes(type))
        fixed (byte* options = Bytes(data))
        {
            return mount(from, to, kind, flags, options) == 0 ? 0 : LastError;
        }
    }

    public static int Poll(PollEntry* entries, int count, int milliseconds)
    {
        var ready = poll(entries, (nuint)count, milliseconds);
        return ready >= 0 || LastError == EINTR ? Math.Max(ready, 0) : throw new LinuxException(LastError, "poll");
    }

    /// <summary>Waits for the end of a child; returns its exit code, 128 + n after signal n.</summary>
    public static int WaitForExit(int pidfd)
    {
        var information = stackalloc int[32];
        while (waitid(PidfdIdType, (uint)pidfd, information, WaitExited) != 0)
        {
            if (LastError != EINTR)
            {
                throw new LinuxException(LastError, "waitid");
            }
        }

        // siginfo_t: si_code at 8, si_status at 24.
        return information[2] >= KilledBySignal ? 128 + information[6] : information[6];
    }

    /// <summary>Signals a process; nothing happens when it has ended.</summary>
    public static void SignalProcess(int pidfd, int number) => _ = syscall(424, pidfd, number, 0, 0);

    public static byte[] Bytes(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsid();

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte* path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup3(int descriptor, int target, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long lseek(int descriptor, long offset, int origin);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pread(int descriptor, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate(int descriptor, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int rename(byte* from, byte* to);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlink(byte* path);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int chdir(byte* path);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int umount2(byte* path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mount(byte* source, byte* target, byte* type, ulong flags, byte* data);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitid(int idType, uint id, void* information, int options);
}
