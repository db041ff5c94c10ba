using ContainerTools.Linux;
using ContainerTools.Linux.Cgroups;
using ContainerTools.Linux.Processes;
using ContainerTools.Linux.Starting;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Oci.RuntimeSpec;
using ContainerTools.Runtime.Planning;
using ContainerTools.Runtime.State;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Runtime.Launching;

/// <summary>Starts containers from their configuration.</summary>
internal static class ContainerLauncher
{
    /// <summary>
    /// Makes the state directory and the cgroup, starts the first process and writes the state. When it returns, the program runs (or waits for its
    /// start signal); when it throws, nothing is left behind.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="bundle">Absolute bundle directory, for relative paths.</param>
    /// <param name="options">The rest.</param>
    /// <exception cref="ContainerStartException">It did not start.</exception>
    public static LaunchedContainer Start(RuntimeConfig config, string bundle, ContainerLaunchOptions options)
    {
        ContainerStateDirectory? directory = null;
        ICgroup? cgroup = null;
        SafeFileHandle? startPipe = null;
        SafeFileHandle? reportPipe = null;
        try
        {
            ConfigurationCheck.Require(config);
            directory = ContainerStateDirectory.Create(options.StateRoot, options.Id);
            CgroupHost host = CgroupHost.Detect();
            cgroup = host.Create(CgroupMapping.PathOf(options.Id, config.Linux!.CgroupsPath), CgroupMapping.ToResources(config.Linux.Resources, config.Linux.Devices));
            StartFacts facts = HostFacts.Gather(bundle, config.Linux.Seccomp, host, cgroup, options.WaitForStart);
            StartPlan plan = StartPlanner.Plan(config, ConfigurationCheck.WantsInit(config) ? facts with { Memory = OwnMemory.Find() } : facts);
            if (options.WaitForStart)
            {
                startPipe = Fifo.Create(directory.StartPipe);
                reportPipe = Fifo.Create(directory.ReportPipe);
                File.WriteAllText(directory.OperationsFile, StartFailure.Format(plan.Operations, StartPlanner.FirstAfterStart(plan.Operations), plan.ExecutionStart));
            }

            DateTimeOffset created = DateTimeOffset.UtcNow;
            StartedChild child = ChildLaunch.Start(plan, cgroup, (options.StdinFd, options.StdoutFd, options.StderrFd), startPipe, reportPipe);
            ContainerRuntimeState state = Describe(config, bundle, options, cgroup, child, created);
            directory.Write(state);
            return new LaunchedContainer(state, child.Pidfd, cgroup, directory.DirectoryPath);
        }
        catch (Exception error)
        {
            if (directory is not null)
            {
                ContainerTeardown.Remove(cgroup, directory.DirectoryPath);
            }

            if (error is ContainerStartException)
            {
                throw;
            }

            throw AsStartFailure(error) ?? error;
        }
        finally
        {
            startPipe?.Dispose();
            reportPipe?.Dispose();
        }
    }

    /// <summary>What kept a container from starting, as the error its caller knows; null for errors that are nobody's fault but ours.</summary>
    public static ContainerStartException? AsStartFailure(Exception error) => error switch
    {
        ContainerStartException start => start,
        LinuxException kernel => new(ContainerStartException.ContainerStartFailed, $"Cannot start the container: {kernel.Message}.", kernel) { Errno = kernel.Errno, Syscall = kernel.Syscall, Path = kernel.Path },
        FormatException or NotSupportedException or IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException or OverflowException =>
            new(ContainerStartException.ContainerStartFailed, error.Message, error),
        _ => null,
    };

    private static ContainerRuntimeState Describe(RuntimeConfig config, string bundle, ContainerLaunchOptions options, ICgroup cgroup, StartedChild child, DateTimeOffset created)
    {
        int own = options.IsMonitor ? Environment.ProcessId : 0;
        return new ContainerRuntimeState
        {
            Id = options.Id,
            Bundle = bundle,
            Pid = child.Pid,
            StartTime = ProcessStat.Read(child.Pid)?.StartTime ?? 0,
            MonitorPid = own,
            MonitorStartTime = own == 0 ? 0 : ProcessStat.Read(own)?.StartTime ?? 0,
            Created = created,
            Started = options.WaitForStart ? null : DateTimeOffset.UtcNow,
            Cgroups = cgroup.Paths,
            Annotations = config.Annotations.Count == 0 ? null : config.Annotations,
        };
    }
}
