using ContainerTools.Engine.Build.Execution;
using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>Left-overs of imports and builds that were cut off: their work directories, and the containers of RUN steps in them.</summary>
internal sealed class WorkSearch(LayerStore layers)
{
    private const string Reason = "the process that worked there is gone";

    public IEnumerable<Leftover> Find()
    {
        foreach (var id in WorkDirectory.FindAbandoned(layers.Paths))
        {
            var directory = Path.Combine(layers.Paths.Work, id);
            foreach (var bundle in MonitoredRunStep.BundlesBelow(directory))
            {
                foreach (var (kind, target) in ContainerLeftovers.Find(bundle))
                {
                    yield return new Leftover(kind, target, Reason, () => ContainerLeftovers.Release(bundle));
                }
            }

            yield return new Leftover("File", directory, Reason, () => WorkDirectory.RemoveAbandoned(layers, id), FileTree.Size(directory));
        }
    }
}
