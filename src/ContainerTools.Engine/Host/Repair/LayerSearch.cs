using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>Layers and blobs that nothing needs, and files that no row knows.</summary>
internal sealed class LayerSearch(LayerStore layers)
{
    public IEnumerable<Finding> Find()
    {
        foreach (var layer in layers.FindGarbage())
        {
            yield return new Finding("Layer", layers.PathOf(layer), "no image, build cache entry or operation uses it", () => layers.CollectGarbage([layer]), FileTree.Size(layers.PathOf(layer)));
        }

        foreach (var path in layers.FindOrphans())
        {
            var kind = Path.GetDirectoryName(path) == layers.Paths.Layers ? "Layer" : "Blob";
            yield return new Finding(kind, path, "no row of the catalogue knows it", () => layers.RemoveOrphan(path), FileTree.Size(path));
        }
    }
}
