using System.Runtime.InteropServices;
using ContainerTools.Linux;

namespace ContainerTools.Engine.Build.Context;

/// <summary>Calls that make nodes of a layer tree; symbolic links are never followed. All throw <see cref="LinuxException"/>.</summary>
internal static partial class NodeWriter
{
    private const int CurrentDirectory = -100;
    private const int SymlinkNoFollow = 0x100;
    private const int CreateExclusive = 0x1 | 0x40 | 0x80 | 0x80000 | 0x20000;

    /// <summary>Attributes that travel with a file; the kernel's own (overlay, SELinux) stay.</summary>
    private static readonly string[] CopiedAttributes = ["security.capability"];

    public static void MakeDirectory(string path, int mode)
    {
        Check(Mkdir(path, (uint)mode), "mkdir", path);
        SetMode(path, mode);
    }

    public static void MakeLink(string path, string target) => Check(Symlink(target, path), "symlink", path);

    public static void MakeDevice(string path, NodeKind kind, int mode, (uint Major, uint Minor) number)
    {
        var device = ((ulong)(number.Major & 0xFFFFF000) << 32) | ((ulong)(number.Major & 0xFFF) << 8) | ((ulong)(number.Minor & 0xFFFFFF00) << 12) | (number.Minor & 0xFF);
        Check(Mknod(path, (uint)kind | (uint)mode, device), "mknod", path);
        SetMode(path, mode);
    }

    /// <summary>Makes a new file; an existing name is an error.</summary>
    public static FileStream MakeFile(string path)
    {
        var descriptor = Open(path, CreateExclusive, 0b110_000_000);
        Check(descriptor, "open", path);
        return new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    /// <summary>Sets the mode of a node that is no symbolic link.</summary>
    public static void SetMode(string path, int mode) => Check(Chmod(path, (uint)mode), "chmod", path);

    public static void SetOwner(string path, uint userId, uint groupId) => Check(Lchown(path, userId, groupId), "lchown", path);

    public static unsafe void SetTime(string path, (long Seconds, uint Nanoseconds) time)
    {
        var times = stackalloc long[4] { time.Seconds, time.Nanoseconds, time.Seconds, time.Nanoseconds };
        Check(Utimensat(CurrentDirectory, path, times, SymlinkNoFollow), "utimensat", path);
    }

    /// <summary>Copies file capabilities.</summary>
    public static unsafe void CopyAttributes(string from, string to)
    {
        var buffer = stackalloc byte[1024];
        foreach (var name in CopiedAttributes)
        {
            var length = Lgetxattr(from, name, buffer, 1024);
            if (length > 0)
            {
                Check(Lsetxattr(to, name, buffer, (nuint)length, 0), "lsetxattr", to);
            }
        }
    }

    private static void Check(int result, string call, string path)
    {
        if (result < 0)
        {
            throw LinuxException.FromLastError(call, path);
        }
    }

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mkdir(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "symlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Symlink(string target, string path);

    [LibraryImport("libc", EntryPoint = "mknod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mknod(string path, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chmod(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Lchown(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Utimensat(int directory, string path, long* times, int flags);

    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint Lgetxattr(string path, string name, void* value, nuint size);

    [LibraryImport("libc", EntryPoint = "lsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Lsetxattr(string path, string name, void* value, nuint size, int flags);
}
