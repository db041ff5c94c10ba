using ContainerTools.Engine.Containers;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>Left-overs of containers: of those that no row knows, of those that were never made to the end, and of those whose monitor was killed.</summary>
internal sealed class ContainerSearch(ContainerContext context)
{
    public IEnumerable<Finding> Find()
    {
        var rows = context.Store.List().ToDictionary(record => record.Id);
        foreach (var id in Names().Where(id => !rows.ContainsKey(id)))
        {
            var bundle = context.BundleOf(id);
            if (ContainerLock.IsHeld(bundle))
            {
                continue;
            }

            // The row is written first and removed last: what has none was left by a removal that was cut off.
            foreach (var finding in InKernel(bundle, "no container of the catalogue owns it"))
            {
                yield return finding;
            }

            if (Directory.Exists(bundle.Directory))
            {
                yield return new Finding("Container", bundle.Directory, "no container of the catalogue owns it", Locked(bundle, () => ContainerLeftovers.Remove(bundle)), FileTree.Size(bundle.Directory));
            }
            else
            {
                yield return new Finding("File", bundle.Lock, "no container of the catalogue owns it", Locked(bundle, () => { }));
            }
        }

        foreach (var record in rows.Values)
        {
            var bundle = context.BundleOf(record.Id);
            if (ContainerLock.IsHeld(bundle))
            {
                continue;
            }

            if (!Directory.Exists(bundle.Directory))
            {
                yield return new Finding("Container", record.Name, "whoever made it was cut off before it was complete", Locked(bundle, () => context.Store.Remove(record.Id)));
            }
            else if (IsOrphaned(bundle))
            {
                foreach (var finding in InKernel(bundle, $"the monitor of container '{record.Name}' is gone"))
                {
                    yield return finding;
                }
            }
        }
    }

    private static IEnumerable<Finding> InKernel(ContainerBundle bundle, string reason) =>
        ContainerLeftovers.Find(bundle).Select(found => new Finding(found.Kind, found.Target, reason, Locked(bundle, () => ContainerLeftovers.Release(bundle), keepLock: true)));

    /// <summary>True when no living monitor looks after what the container has in the kernel.</summary>
    private static bool IsOrphaned(ContainerBundle bundle)
    {
        if (!bundle.WasStarted)
        {
            return false;
        }

        var state = bundle.ReadState();
        return state is null
            ? !File.Exists(bundle.Exit) || File.Exists(bundle.Network) || Linux.Mounts.MountTable.IsMountPoint(bundle.RootFilesystem)
            : !Linux.Processes.ProcessStat.IsAlive(state.MonitorPid, state.MonitorStartTime);
    }

    /// <summary>Runs under the container's lock; what somebody else is at work on is no left-over any more.</summary>
    private static Action Locked(ContainerBundle bundle, Action remove, bool keepLock = false) => () =>
    {
        using var held = ContainerLock.TryTake(bundle);
        if (held is null)
        {
            return;
        }

        remove();
        if (!keepLock)
        {
            held.Discard();
        }
    };

    private IEnumerable<string> Names()
    {
        var states = new DirectoryInfo(context.Paths.States);
        return Directory.EnumerateDirectories(context.Paths.Containers).Select(path => Path.GetFileName(path))
            .Concat(states.EnumerateFileSystemInfos().Select(entry => entry is DirectoryInfo ? entry.Name : Path.GetFileNameWithoutExtension(entry.Name)))
            .Distinct();
    }
}
