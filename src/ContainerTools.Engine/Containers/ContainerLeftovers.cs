using ContainerTools.Engine.Storage;
using ContainerTools.Linux.Mounts;

namespace ContainerTools.Engine.Containers;

/// <summary>Takes away everything of a container that does not run: its mount, its runtime state and cgroup, its files.</summary>
internal static class ContainerLeftovers
{
    /// <summary>Removes all of it. Safe to repeat after an interruption.</summary>
    public static void Remove(ContainerBundle bundle, string runtimePath)
    {
        try
        {
            RemoveAll(bundle, runtimePath);
        }
        catch (Exception error) when (StoreErrors.Translate(error, bundle.Directory) is var translated && !ReferenceEquals(translated, error))
        {
            throw translated;
        }
    }

    private static void RemoveAll(ContainerBundle bundle, string runtimePath)
    {
        if (Directory.Exists(bundle.StateDirectory))
        {
            using var runtime = MonitorProcess.Start(runtimePath, ["--root", bundle.StateRoot, "delete", "--force", bundle.Id], null);
            runtime.Wait();
        }

        if (MountTable.IsMountPoint(bundle.RootFilesystem))
        {
            Unmount.Detach(bundle.RootFilesystem);
        }

        if (Directory.Exists(bundle.Directory))
        {
            Directory.Delete(bundle.Directory, recursive: true);
        }

        if (Directory.Exists(bundle.StateDirectory))
        {
            Directory.Delete(bundle.StateDirectory, recursive: true);
        }
    }
}
