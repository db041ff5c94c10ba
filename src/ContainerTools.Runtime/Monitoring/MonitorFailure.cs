using ContainerTools.Linux;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Launching;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>Says what went wrong with a start: the event for the caller and the exit code of the record.</summary>
internal static class MonitorFailure
{
    public static (MonitorEvent Report, int ExitCode) Describe(Exception error)
    {
        if (error is ContainerStartException start)
        {
            return (Report(start.Code, start.Message, start.Errno, start.Syscall, start.Path), start.ExitCode);
        }

        var (errno, syscall, path) = error is LinuxException linux ? (linux.Errno, linux.Syscall, linux.Path) : (0, null, null);
        return (Report(ContainerStartException.ContainerStartFailed, error.Message, errno, syscall, path), 125);
    }

    private static MonitorEvent Report(string code, string message, int errno, string? syscall, string? path) =>
        new() { Kind = "error", Code = code, Message = message, Errno = errno, Syscall = syscall, Path = path };
}
