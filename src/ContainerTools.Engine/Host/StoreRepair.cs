using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux.Mounts;

namespace ContainerTools.Engine.Host;

/// <summary>Finds what crashed processes left in and around a store: everything that no row reaches and no living process owns.</summary>
internal sealed class StoreRepair(StorePaths paths, Catalog catalog, ContainerContext containers, LayerStore layers)
{
    public IReadOnlyList<RepairAction> Run(bool apply)
    {
        var actions = new List<RepairAction>();
        var rows = containers.Store.List().ToDictionary(record => record.Id);
        foreach (var id in Names(paths.Containers).Concat(Names(paths.States)).Distinct())
        {
            if (!rows.TryGetValue(id, out var record))
            {
                // The row is written first and removed last: files without one were left by a removal that was cut off.
                Add(actions, apply, "Container", Path.Combine(paths.Containers, id), "no container of the catalogue owns it", () => ContainerLeftovers.Remove(containers.BundleOf(id), containers.RuntimePath));
            }
            else if (ContainerStatus.Of(containers.BundleOf(id)).State == ContainerState.Dead || IsStaleMount(id))
            {
                Add(actions, apply, "Mount", containers.BundleOf(id).RootFilesystem, $"the monitor of container '{record.Name}' is gone", () => Release(id));
            }
            else if (record.Spec.Remove && ContainerStatus.Of(containers.BundleOf(id)).State == ContainerState.Exited && !ContainerLock.IsHeld(containers.BundleOf(id).Directory))
            {
                Add(actions, apply, "Container", record.Name, "it was to be removed at its end, and its starter is gone", () =>
                {
                    ContainerLeftovers.Remove(containers.BundleOf(id), containers.RuntimePath);
                    containers.Store.Remove(id);
                });
            }
        }

        _ = catalog;
        _ = layers;
        return actions;
    }

    private bool IsStaleMount(string id)
    {
        var bundle = containers.BundleOf(id);
        return !ContainerStatus.Of(bundle).IsRunning && !ContainerLock.IsHeld(bundle.Directory) && MountTable.IsMountPoint(bundle.RootFilesystem);
    }

    private void Release(string id)
    {
        var bundle = containers.BundleOf(id);
        if (Directory.Exists(bundle.StateDirectory))
        {
            using var runtime = MonitorProcess.Start(containers.RuntimePath, ["--root", paths.States, "delete", "--force", id], null);
            runtime.Wait();
        }

        Unmount.Detach(bundle.RootFilesystem);
    }

    private static IEnumerable<string> Names(string directory) =>
        Directory.Exists(directory) ? Directory.EnumerateDirectories(directory).Select(path => Path.GetFileName(path)) : [];

    private static void Add(List<RepairAction> actions, bool apply, string kind, string target, string reason, Action repair)
    {
        if (apply)
        {
            repair();
        }

        actions.Add(new RepairAction { Kind = kind, Target = target, Reason = reason, Repaired = apply });
    }
}
