using System.Runtime.InteropServices;

namespace ContainerTools.Linux;

/// <summary>A system call that failed, with what it was about. The message reads <c>mount /proc: Operation not permitted (errno 1)</c>.</summary>
public sealed class LinuxException : Exception
{
    /// <summary>Makes the error of a system call.</summary>
    /// <param name="errno">errno(3) as the call left it.</param>
    /// <param name="syscall">Name of the call.</param>
    /// <param name="path">The path or object it was about, or null.</param>
    /// <param name="detail">What the kernel said beyond errno (a netlink extended acknowledgement), or null.</param>
    public LinuxException(int errno, string syscall, string? path = null, string? detail = null)
        : base(Describe(errno, syscall, path, detail))
    {
        Errno = errno;
        Syscall = syscall;
        Path = path;
        Detail = detail;
    }

    /// <summary>errno(3).</summary>
    public int Errno { get; }

    /// <summary>Name of the system call.</summary>
    public string Syscall { get; }

    /// <summary>The path or object it was about, or null.</summary>
    public string? Path { get; }

    /// <summary>What the kernel said beyond errno (a netlink extended acknowledgement), or null.</summary>
    public string? Detail { get; }

    /// <summary>The error the last <c>SetLastError</c> call on this thread left.</summary>
    public static LinuxException FromLastError(string syscall, string? path = null) => new(Marshal.GetLastPInvokeError(), syscall, path);

    private static string Describe(int errno, string syscall, string? path, string? detail)
    {
        string subject = path is null ? syscall : $"{syscall} {path}";
        string message = $"{subject}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})";
        return detail is null ? message : $"{message}: {detail}";
    }
}
