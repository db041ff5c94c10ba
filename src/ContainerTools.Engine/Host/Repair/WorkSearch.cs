using ContainerTools.Engine.Build.Execution;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>Left-overs of imports and builds that were cut off: their work directories, and the containers of RUN steps in them.</summary>
internal sealed class WorkSearch(LayerStore layers)
{
    private const string Reason = "the process that worked there is gone";

    public IEnumerable<Finding> Find()
    {
        foreach (var id in WorkDirectory.FindAbandoned(layers.Paths))
        {
            foreach (var (kind, target, release) in AbandonedWork.FindInKernel(layers, id))
            {
                yield return new Finding(kind, target, Reason, release);
            }

            var directory = AbandonedWork.PathOf(layers, id);
            yield return new Finding("File", directory, Reason, () => AbandonedWork.TryRemove(layers, id), FileTree.Size(directory));
        }
    }
}
