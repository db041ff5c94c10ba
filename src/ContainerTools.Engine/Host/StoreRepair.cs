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
        }

        foreach (var id in WorkDirectory.FindAbandoned(paths))
        {
            var directory = Path.Combine(paths.Work, id);
            Add(actions, apply, "File", directory, "the process that worked there is gone", () => WorkDirectory.RemoveAbandoned(layers, id), Size(directory));
        }

        // A layer or blob is renamed into place before its row is written: without a row it is a left-over only when nobody is at work.
        if (!Directory.EnumerateDirectories(paths.Work).Any())
        {
            AddOrphans(actions, apply, "Layer", paths.Layers, "SELECT diff_id FROM layers");
            AddOrphans(actions, apply, "Blob", Path.Combine(paths.Blobs, "sha256"), "SELECT blob_digest FROM layers WHERE blob_digest IS NOT NULL");
        }

        return actions;
    }

    private void AddOrphans(List<RepairAction> actions, bool apply, string kind, string directory, string knownDigests)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        var known = catalog.Read(connection => connection.Query(knownDigests, row => row.GetString(0)["sha256:".Length..])).ToHashSet();
        foreach (var path in Directory.EnumerateFileSystemEntries(directory).Where(path => !known.Contains(Path.GetFileName(path))))
        {
            Add(actions, apply, kind, path, "no row of the catalogue knows it", () => Delete(path), Size(path));
        }
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    private static long Size(string path) => Directory.Exists(path)
        ? new DirectoryInfo(path).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Sum(file => file.Length)
        : File.Exists(path) ? new FileInfo(path).Length : 0;

    private bool IsStaleMount(string id)
    {
        var bundle = containers.BundleOf(id);
        return !ContainerStatus.Of(bundle).IsRunning && !ContainerLock.IsHeld(bundle) && MountTable.IsMountPoint(bundle.RootFilesystem);
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

    private static void Add(List<RepairAction> actions, bool apply, string kind, string target, string reason, Action repair, long size = 0)
    {
        if (apply)
        {
            repair();
        }

        actions.Add(new RepairAction { Kind = kind, Target = target, Reason = reason, Size = size, Repaired = apply });
    }
}
