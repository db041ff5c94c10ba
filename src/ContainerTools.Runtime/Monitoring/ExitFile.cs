using ContainerTools.Linux;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>Writes the exit record so that a reader sees all of it or nothing, even after a power failure.</summary>
internal static class ExitFile
{
    private const uint Mode = 0x1a4; // 0644

    public static void Write(string path, ExitRecord record)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + ".new";
        var descriptor = Native.OpenOrThrow(temporary, Native.WriteOnly | Native.Create | Native.Truncate, Mode);
        var errno = Native.WriteAll(descriptor, record.ToJson());
        errno = errno == 0 ? Native.Sync(descriptor) : errno;
        Native.Close(descriptor);
        if (errno != 0)
        {
            _ = Native.Unlink(temporary);
            throw new LinuxException(errno, "write", temporary);
        }

        errno = Native.Rename(temporary, path);
        if (errno != 0)
        {
            throw new LinuxException(errno, "rename", path);
        }
    }
}
