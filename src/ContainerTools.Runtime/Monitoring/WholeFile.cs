using ContainerTools.Linux;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>Writes files so that a reader sees all of it or nothing.</summary>
internal static class WholeFile
{
    private const uint Mode = 0x1a4; // 0644

    /// <summary>Writes a file in a directory that exists. Throws <see cref="LinuxException"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What is in it.</param>
    /// <param name="lasting">Whether it must outlive a power failure.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool lasting)
    {
        var temporary = path + ".new";
        var descriptor = Native.OpenOrThrow(temporary, Native.WriteOnly | Native.Create | Native.Truncate, Mode);
        var errno = Native.WriteAll(descriptor, content);
        errno = errno == 0 && lasting ? Native.Sync(descriptor) : errno;
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
