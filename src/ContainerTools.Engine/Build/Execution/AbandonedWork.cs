using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>What an import or a build that was cut off leaves: its work directory, and in it containers of RUN steps.</summary>
internal static class AbandonedWork
{
    /// <summary>What its containers left in the kernel: kind and target, and how it goes.</summary>
    public static IEnumerable<(string Kind, string Target, Action Release)> FindInKernel(LayerStore layers, string id) =>
        from bundle in MonitoredRunStep.BundlesBelow(PathOf(layers, id))
        from found in ContainerLeftovers.Find(bundle)
        select (found.Kind, found.Target, (Action)(() => ContainerLeftovers.Release(bundle)));

    /// <summary>Removes all of it; false when its owner lives after all.</summary>
    public static bool TryRemove(LayerStore layers, string id)
    {
        if (WorkDirectory.IsAlive(layers.Paths, id))
        {
            return false;
        }

        foreach (var bundle in MonitoredRunStep.BundlesBelow(PathOf(layers, id)))
        {
            ContainerLeftovers.Release(bundle);
        }

        return WorkDirectory.RemoveAbandoned(layers, id);
    }

    public static string PathOf(LayerStore layers, string id) => Path.Combine(layers.Paths.Work, id);
}
