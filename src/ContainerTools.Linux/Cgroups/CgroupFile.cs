using System.Runtime.InteropServices;
using System.Text;

namespace ContainerTools.Linux.Cgroups;

/// <summary>Single-call reads and writes of cgroup files; a value must reach the kernel in one write(2).</summary>
internal static unsafe partial class CgroupFile
{
    private const int WriteOnly = 0x1;
    private const int CloseOnExec = 0x80000;
    private const int ENOENT = 2;

    public static void Write(string path, string value)
    {
        var errno = TryWrite(path, value, out var syscall);
        if (errno != 0)
        {
            throw new LinuxException(errno, syscall, $"{path} ({value})");
        }
    }

    /// <summary>errno of the attempt, 0 when it succeeded.</summary>
    public static int TryWrite(string path, string value, out string syscall)
    {
        syscall = "open";
        var descriptor = Open(path, WriteOnly | CloseOnExec);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        syscall = "write";
        var bytes = Encoding.UTF8.GetBytes(value);
        int errno;
        fixed (byte* pointer = bytes)
        {
            errno = write(descriptor, pointer, (nuint)bytes.Length) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        _ = close(descriptor);
        return errno;
    }

    public static string Read(string path)
    {
        var descriptor = Open(path, CloseOnExec);
        if (descriptor < 0)
        {
            throw LinuxException.FromLastError("open", path);
        }

        try
        {
            var buffer = new byte[4096];
            var length = 0;
            while (true)
            {
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }

                nint count;
                fixed (byte* pointer = buffer)
                {
                    count = read(descriptor, pointer + length, (nuint)(buffer.Length - length));
                }

                if (count < 0)
                {
                    throw LinuxException.FromLastError("read", path);
                }

                if (count == 0)
                {
                    return Encoding.UTF8.GetString(buffer, 0, length);
                }

                length += (int)count;
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <summary>The number a file holds, or that stands after a key in it; null when the file or the key is missing.</summary>
    public static long? ReadNumber(string path, string? key = null)
    {
        string text;
        try
        {
            text = Read(path);
        }
        catch (LinuxException error) when (error.Errno == ENOENT)
        {
            return null;
        }

        if (key is null)
        {
            return long.TryParse(text.AsSpan().Trim(), out var whole) ? whole : null;
        }

        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.Length > key.Length && line.StartsWith(key, StringComparison.Ordinal) && line[key.Length] == ' ')
            {
                return long.TryParse(line[(key.Length + 1)..], out var number) ? number : null;
            }
        }

        return null;
    }

    /// <summary>Makes a directory; false when it is there already.</summary>
    public static bool MakeDirectory(string path)
    {
        fixed (byte* pointer = NullTerminated(path))
        {
            if (mkdir(pointer, 0x1ed) == 0)
            {
                return true;
            }
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno == 17 ? false : throw new LinuxException(errno, "mkdir", path);
    }

    /// <summary>errno of rmdir(2), 0 when it succeeded.</summary>
    public static int RemoveDirectory(string path)
    {
        fixed (byte* pointer = NullTerminated(path))
        {
            return rmdir(pointer) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Type of the file system a path lies on (statfs(2)); 0 when it cannot be told.</summary>
    public static long FileSystemType(string path)
    {
        var buffer = stackalloc long[32];
        fixed (byte* pointer = NullTerminated(path))
        {
            return statfs(pointer, buffer) == 0 ? buffer[0] : 0;
        }
    }

    public static int OpenDirectory(string path) => Open(path, CloseOnExec | 0x10000);

    public static void Close(int descriptor) => _ = close(descriptor);

    public static int Kill(int processId, int signal) => kill(processId, signal);

    public static byte[] NullTerminated(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    private static int Open(string path, int flags)
    {
        fixed (byte* pointer = NullTerminated(path))
        {
            return open(pointer, flags, 0);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte* path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mkdir(byte* path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int rmdir(byte* path);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statfs(byte* path, long* buffer);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc")]
    private static partial int kill(int processId, int signal);
}
