using ContainerTools.Engine.Networks;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux.Cgroups;
using ContainerTools.Linux.Mounts;
using ContainerTools.Linux.Processes;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Containers;

/// <summary>
/// Everything that a container can leave in the kernel and on disk, whatever moment its monitor or its starter was killed at: processes, cgroup, mount,
/// runtime state, files.
/// </summary>
internal static class ContainerLeftovers
{
    // A monitor that is just starting has its container's process and cgroup, but has not written them down yet.
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(2);

    /// <summary>What is there in the kernel and in the runtime's state: kind and target. Only for a container that should not run.</summary>
    public static IEnumerable<(string Kind, string Target)> Find(ContainerBundle bundle)
    {
        var state = TryReadState(bundle);
        foreach (var (pid, _) in MonitorTable.Find(bundle.Directory))
        {
            yield return ("Process", $"{pid}");
        }

        if (state is not null && ProcessStat.IsAlive(state.Pid, state.StartTime))
        {
            yield return ("Process", $"{state.Pid}");
        }

        foreach (var cgroup in Cgroups(bundle, state))
        {
            yield return ("Cgroup", cgroup);
        }

        if (MountTable.IsMountPoint(bundle.RootFilesystem))
        {
            yield return ("Mount", bundle.RootFilesystem);
        }

        if (File.Exists(bundle.Network))
        {
            yield return ("Network", bundle.Network);
        }

        if (Directory.Exists(bundle.StateDirectory))
        {
            yield return ("File", bundle.StateDirectory);
        }
    }

    /// <summary>Removes what <see cref="Find"/> finds; the container's own files stay. Safe to repeat after an interruption. The caller holds the lock.</summary>
    public static void Release(ContainerBundle bundle) => Guard(bundle, () =>
    {
        EndMonitors(bundle);
        var state = TryReadState(bundle);
        if (state is not null)
        {
            Kill(state.Pid, state.StartTime);
        }

        var paths = Cgroups(bundle, state);
        if (paths.Count > 0)
        {
            var cgroup = CgroupHost.Detect().Open(paths);
            cgroup.KillAll();
            cgroup.Delete();
        }

        Unmount.Detach(bundle.RootFilesystem);
        ContainerNetworks.Release(bundle);
        Delete(bundle.StateDirectory);
    });

    /// <summary>Removes all of it, files too. Safe to repeat after an interruption. The caller holds the lock.</summary>
    public static void Remove(ContainerBundle bundle)
    {
        // A monitor that came to its end has left nothing of this; looking for it would be the most of a removal's time.
        if (Directory.Exists(bundle.StateDirectory) || (bundle.WasStarted && !File.Exists(bundle.Exit)) || MountTable.IsMountPoint(bundle.RootFilesystem) || File.Exists(bundle.Network))
        {
            Release(bundle);
        }

        Guard(bundle, () => Delete(bundle.Directory));
    }

    private static void EndMonitors(ContainerBundle bundle)
    {
        foreach (var (pid, startTime) in MonitorTable.Find(bundle.Directory))
        {
            var deadline = Environment.TickCount64 + (long)StartTime.TotalMilliseconds;
            while (TryReadState(bundle) is null && ProcessStat.IsAlive(pid, startTime) && Environment.TickCount64 < deadline)
            {
                Thread.Sleep(5);
            }

            Kill(pid, startTime);
        }
    }

    private static void Kill(int pid, ulong startTime)
    {
        using var process = Pidfd.Open(pid, startTime);
        if (process is not null && process.SendSignal(Signals.Kill))
        {
            _ = Poll.IsReadable(process.Handle, 10_000);
            ChildReaper.Sweep();
        }
    }

    private static List<string> Cgroups(ContainerBundle bundle, ContainerRuntimeState? state) =>
    [
        .. CgroupHost.Detect().Hierarchies
            .Select(hierarchy => $"{hierarchy.MountPoint.TrimEnd('/')}/containertools/{bundle.Id}")
            .Union(state?.Cgroups ?? [])
            .Where(Directory.Exists),
    ];

    private static ContainerRuntimeState? TryReadState(ContainerBundle bundle)
    {
        try
        {
            return bundle.ReadState();
        }
        catch (ContainerToolsException error) when (error.Kind == ErrorKind.DataLoss)
        {
            return null;
        }
    }

    private static void Delete(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Guard(ContainerBundle bundle, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (StoreErrors.Translate(error, bundle.Directory) is var translated && !ReferenceEquals(translated, error))
        {
            throw translated;
        }
    }
}
