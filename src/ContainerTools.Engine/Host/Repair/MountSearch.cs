using ContainerTools.Engine.Build.Execution;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux.Mounts;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>Mounts below a store where the engine mounts nothing; its own are found with their containers and work directories.</summary>
internal sealed class MountSearch(LayerStore layers)
{
    public IEnumerable<Finding> Find()
    {
        var abandoned = WorkDirectory.FindAbandoned(layers.Paths);
        var own = abandoned.SelectMany(id => AbandonedWork.FindInKernel(layers, id)).Select(found => found.Target).ToHashSet();

        // What is mounted upon another mount goes first.
        return MountTable.Below(layers.Paths.Root)
            .Where(path => !own.Contains(path) && !IsBelow(path, layers.Paths.Containers))
            .Where(path => !IsBelow(path, layers.Paths.Work) || abandoned.Any(id => IsBelow(path, AbandonedWork.PathOf(layers, id))))
            .Reverse()
            .Select(path => new Finding("Mount", path, "the engine mounts nothing there", () => Unmount.Detach(path)) { IsDamage = true, NeedsForce = true, RecommendedAction = $"umount '{path}'" });
    }

    private static bool IsBelow(string path, string directory) => path.StartsWith(directory + "/", StringComparison.Ordinal);
}
