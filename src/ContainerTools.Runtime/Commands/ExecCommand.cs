using ContainerTools.Linux.Processes;
using ContainerTools.Linux.Starting;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Oci.RuntimeSpec;
using ContainerTools.Runtime.Launching;

namespace ContainerTools.Runtime.Commands;

/// <summary><c>exec</c>: a further process in a running container.</summary>
internal static class ExecCommand
{
    private static readonly string[] Valued = ["--process", "--user", "--env", "--cwd", "--status-fd", "--pid-file", "--cap"];
    private static readonly string[] Flags = ["--detach", "--no-new-privs"];

    /// <summary>Runs the process; returns its exit code, or 0 with <c>--detach</c>.</summary>
    public static int Run(GlobalOptions global, ReadOnlySpan<string> arguments)
    {
        CommandLine line = CommandLine.Parse(arguments, Flags, Valued, stopAtOperands: 1);
        int? statusDescriptor = line.Number("--status-fd") is { } number ? checked((int)number) : null;
        try
        {
            if (line.Operands.Count == 0)
            {
                throw new UsageException("exec needs a container id and a command.");
            }

            ExistingContainer container = ExistingContainer.Find(global.StateRoot, line.Operands[0]);
            RuntimeConfig config = RuntimeConfig.Load(Path.Combine(container.State.Bundle, "config.json"));
            ProcessSection process = ExecProcess.Build(line, config.Process ?? throw new FormatException("The container's configuration has no process."));
            return RunIn(container, process, config.Linux?.Seccomp, line, statusDescriptor);
        }
        catch (Exception error) when (statusDescriptor is { } descriptor && error is not UsageException && ContainerLauncher.AsStartFailure(error) is { } failure)
        {
            Report(descriptor, new MonitorEvent { Kind = "error", Code = failure.Code, Message = failure.Message, Errno = failure.Errno, Syscall = failure.Syscall, Path = failure.Path });
            throw failure;
        }
    }

    private static int RunIn(ExistingContainer container, ProcessSection process, SeccompConfig? seccomp, CommandLine line, int? statusDescriptor)
    {
        StartedChild child = ExecLauncher.Start(container, process, seccomp, (0, 1, 2));
        using var pidfd = child.Pidfd;
        DateTimeOffset started = DateTimeOffset.UtcNow;
        if (line.Value("--pid-file") is { } pidFile)
        {
            File.WriteAllText(pidFile, child.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (statusDescriptor is { } descriptor)
        {
            Report(descriptor, new MonitorEvent { Kind = "started", Pid = child.Pid });
        }

        if (line.Has("--detach"))
        {
            return 0;
        }

        int exitCode = SignalForwarding.WaitForExit(pidfd);
        if (statusDescriptor is { } status)
        {
            Report(status, new MonitorEvent { Kind = "exited", Exit = new ExitRecord { ExitCode = exitCode, Started = started, Finished = DateTimeOffset.UtcNow } });
        }

        return exitCode;
    }

    private static void Report(int descriptor, MonitorEvent report) =>
        Descriptor.Write(descriptor, [.. report.ToJson(), (byte)'\n']);
}
