using ContainerTools.Linux.Processes;

namespace ContainerTools.Engine.Containers;

/// <summary>The hard end of a container: its first process is killed, and the monitor, which cleans up after it, is waited for.</summary>
internal static class ContainerKill
{
    /// <summary>What a monitor may take to record an end and clean up after its process is gone.</summary>
    private static readonly TimeSpan MonitorGrace = TimeSpan.FromSeconds(15);

    /// <summary>Ends a running container. Throws <c>MonitorStuck</c>.</summary>
    public static async Task KillAsync(ContainerBundle bundle, CancellationToken cancellationToken)
    {
        if (bundle.ReadState() is not { } runtime)
        {
            return;
        }

        using (var process = Pidfd.Open(runtime.Pid, runtime.StartTime))
        {
            process?.SendSignal(Signals.Kill);
        }

        await WaitForMonitorAsync(runtime.MonitorPid, runtime.MonitorStartTime, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until a monitor whose container has ended has written everything down. Throws <c>MonitorStuck</c>.</summary>
    public static async Task WaitForMonitorAsync(int pid, ulong startTime, CancellationToken cancellationToken)
    {
        using var monitor = Pidfd.Open(pid, startTime);
        if (monitor is not null && !await monitor.WaitAsync(MonitorGrace, cancellationToken).ConfigureAwait(false))
        {
            throw new ContainerToolsException(
                ErrorKind.Timeout, "MonitorStuck", $"Monitor {pid} has not ended {MonitorGrace.TotalSeconds:0} s after its container.", pid, "Look at its stack in /proc/PID/stack; Repair-ContainerEngine cleans up once it is gone.");
        }

        ChildReaper.Sweep();
    }
}
