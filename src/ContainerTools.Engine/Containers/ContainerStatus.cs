using ContainerTools.Linux.Processes;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Containers;

/// <summary>
/// What a container does now, derived from what its monitor wrote and from the kernel, never from a stored state: a killed monitor, a reboot and a
/// half-made start are all told apart.
/// </summary>
internal sealed record ContainerStatus(ContainerState State, ContainerRuntimeState? Runtime, ExitRecord? Exit)
{
    public bool IsRunning => State is ContainerState.Running or ContainerState.Paused;

    public static ContainerStatus Of(ContainerBundle bundle)
    {
        var runtime = bundle.ReadState();
        if (runtime is { Started: not null } && ProcessStat.IsAlive(runtime.Pid, runtime.StartTime))
        {
            return new(IsFrozen(runtime) ? ContainerState.Paused : ContainerState.Running, runtime, null);
        }

        var exit = bundle.ReadExit();
        if (exit is not null)
        {
            return new(ContainerState.Exited, null, exit);
        }

        if (!bundle.WasStarted)
        {
            return new(ContainerState.Created, null, null);
        }

        // Between the write of config.json and the monitor's first word a start is under way, and between the end of the process and the exit record an
        // end is: in the one the starter holds the lock, in the other the monitor lives.
        if (runtime is not null && ProcessStat.IsAlive(runtime.MonitorPid, runtime.MonitorStartTime))
        {
            return new(ContainerState.Running, runtime, null);
        }

        return ContainerLock.IsHeld(bundle)
            ? new(ContainerState.Created, null, null)
            : new(bundle.ReadExit() is null ? ContainerState.Dead : ContainerState.Exited, null, bundle.ReadExit());
    }

    private static bool IsFrozen(ContainerRuntimeState runtime)
    {
        foreach (var cgroup in runtime.Cgroups)
        {
            if (TryRead(Path.Combine(cgroup, "cgroup.freeze")) is "1" || TryRead(Path.Combine(cgroup, "freezer.state")) is "FROZEN" or "FREEZING")
            {
                return true;
            }
        }

        return false;
    }

    private static string? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
