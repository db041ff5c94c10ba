using System.Globalization;
using System.Runtime.InteropServices;
using ContainerTools.Linux.Starting;
using ContainerTools.Runtime.Planning;

namespace ContainerTools.Runtime.Launching;

/// <summary>Turns a child's report into an error sentence.</summary>
internal static class StartFailure
{
    /// <summary>Describes the failed operation.</summary>
    public static ContainerStartException Describe(OperationList operations, int executionStart, ChildReport report)
    {
        if (report.Index < 0 || report.Index >= operations.Operations.Count)
        {
            return Died();
        }

        Operation operation = operations.Operations[report.Index];
        return Describe(operation.Purpose, SystemCallNumber.Name(operation.Call), operation.Path, report.Errno, report.Index >= executionStart);
    }

    /// <summary>A child that ended without a word.</summary>
    public static ContainerStartException Died() =>
        new(ContainerStartException.ContainerStartFailed, "The container's first process was killed before its program ran. A memory limit that is too small does that, and a system call filter that kills execve.");

    /// <summary>Describes a failure by its parts.</summary>
    public static ContainerStartException Describe(string purpose, string syscall, string? path, int errno, bool executing)
    {
        string code = !executing ? ContainerStartException.ContainerStartFailed
            : errno is Errno.NoEntry or Errno.NotDirectory ? ContainerStartException.CommandNotFound
            : ContainerStartException.CommandNotExecutable;
        string reason = Marshal.GetPInvokeErrorMessage(errno);
        string subject = path is null || purpose.Contains(path, StringComparison.Ordinal) ? "" : $" ({path})";
        string sentence = code switch
        {
            ContainerStartException.CommandNotFound => $"Cannot {purpose}: command not found in the container ({reason}, errno {errno.ToString(CultureInfo.InvariantCulture)}).",
            _ => $"Cannot {purpose}{subject}: {reason} (errno {errno.ToString(CultureInfo.InvariantCulture)}).",
        };
        return new ContainerStartException(code, sentence) { Errno = errno, Syscall = syscall, Path = path };
    }

    /// <summary>The operations from an index on, one a line, for <see cref="Parse"/>.</summary>
    public static string Format(OperationList operations, int first, int executionStart) =>
        string.Join('\n', operations.Operations.Skip(first).Select((operation, index) =>
            $"{first + index}\t{(first + index >= executionStart ? 1 : 0)}\t{SystemCallNumber.Name(operation.Call)}\t{Flat(operation.Path)}\t{Flat(operation.Purpose)}"));

    /// <summary>Describes a report by what <see cref="Format"/> wrote.</summary>
    public static ContainerStartException Parse(string text, ChildReport report)
    {
        string start = report.Index.ToString(CultureInfo.InvariantCulture);
        foreach (string line in text.Split('\n'))
        {
            string[] parts = line.Split('\t');
            if (parts.Length == 5 && parts[0] == start)
            {
                return Describe(parts[4], parts[2], parts[3].Length == 0 ? null : parts[3], report.Errno, parts[1] == "1");
            }
        }

        return Died();
    }

    private static string Flat(string? text) => (text ?? "").Replace('\t', ' ').Replace('\n', ' ');
}
