using ContainerTools.Engine.Build.Context;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Containers;

/// <summary>Reads regular files of a stack of overlay layers without mounting it: what a container's root would show, and nothing of the host.</summary>
internal sealed class LayeredFiles(IReadOnlyList<string> layersTopFirst)
{
    /// <summary>The regular file that the stack shows at <paramref name="path"/>; null when it shows none.</summary>
    public Stream? Open(string path)
    {
        try
        {
            return LayeredTree.OfLayers(layersTopFirst).Find(path) is { Status.Kind: NodeKind.File } node
                && layersTopFirst.FirstOrDefault(layer => node.HostPath.StartsWith(layer + "/", StringComparison.Ordinal)) is { } layer
                ? PlainDirectory.TryOpenFile(layer, node.HostPath[(layer.Length + 1)..])
                : null;
        }
        catch (IOException)
        {
            // A circle of links shows nothing.
            return null;
        }
    }
}
