using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>
/// Layers of which something is missing or, when it looks deep, changed. What is kept of a layer's tar gives its tree back; a layer beyond that is lost, and with it the images that
/// have it. Layers that nothing has are not looked at: they go as they are.
/// </summary>
internal sealed class DamagedLayerSearch(ContainerContext containers, ImageStore images, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
{
    /// <summary>Reads every layer whole.</summary>
    public bool Deep { get; init; }

    private LayerStore Layers => images.Layers;

    public IEnumerable<Finding> Find()
    {
        var garbage = Layers.FindGarbage().ToHashSet();
        var users = images.UsersOfLayers();
        var layers = Layers.List().Where(item => !garbage.Contains(item.Layer.DiffId)).ToList();
        var done = 0;
        return layers
            .AsParallel().AsOrdered().WithDegreeOfParallelism(Deep ? Environment.ProcessorCount : 1).WithCancellation(cancellationToken)
            .Select(item =>
            {
                var fault = FaultOf(item.Layer, item.InDoubt);
                if (Deep)
                {
                    progress?.Report(new EngineProgress { Activity = "Check", Item = "layers", Status = item.Layer.DiffId.Short, Done = Interlocked.Increment(ref done), Total = layers.Count });
                }

                return fault is { } found ? Describe(item.Layer, found, [.. users[item.Layer.DiffId]]) : null;
            })
            .OfType<Finding>();
    }

    private LayerFault? FaultOf(LayerRecord layer, bool inDoubt) =>
        Layers.FindMissing(layer) ?? (inDoubt ? LayerFault.InDoubt : Deep ? Layers.FindChanged(layer, cancellationToken) : null);

    private Finding Describe(LayerRecord layer, LayerFault fault, IReadOnlyList<(Digest Image, string Name)> users)
    {
        var names = users.Count == 0 ? "the build cache" : string.Join(", ", users.Select(user => user.Name));
        var reason = $"{ReasonOf(fault)}; {names} has it";
        var hasBlob = layer.Form == BlobForm.File && File.Exists(Layers.BlobPathOf(layer.BlobDigest));
        return fault is LayerFault.TreeChanged or LayerFault.InDoubt || (fault == LayerFault.TreeMissing && hasBlob)
            ? new Finding("Layer", layer.DiffId.ToString(), reason, () => Restore(layer, users)) { IsDamage = true, RecommendedAction = "Repair-ContainerStorage makes its tree again from what is kept of its tar." }
            : new Finding("Layer", layer.DiffId.ToString(), reason, () => Abandon(layer, users))
            {
                IsDamage = true,
                NeedsForce = true,
                RecommendedAction = users.Count == 0
                    ? "Repair-ContainerStorage -Force makes the build cache forget it."
                    : $"Remove {names} and pull, import or build it again; Repair-ContainerStorage -Force removes it.",
            };
    }

    private static string ReasonOf(LayerFault fault) => fault switch
    {
        LayerFault.InDoubt => "nobody knows whether its files reached the disk before the machine went down",
        LayerFault.TreeMissing => "its tree is not there",
        LayerFault.BlobMissing => "the blob that it came as is not there",
        LayerFault.StructureMissing => "the structure of its tar is not there",
        LayerFault.BlobChanged => "the blob that it came as is not what its digest says",
        _ => "its tree is not what it was when it came",
    };

    private void Restore(LayerRecord layer, IReadOnlyList<(Digest Image, string Name)> users)
    {
        RequireStopped(users);
        if (!Layers.Restore(layer, cancellationToken))
        {
            throw new ContainerToolsException(ErrorKind.DataLoss, "LayerDamaged", "what is kept of its tar is damaged too, or there is no space to unpack it.", layer.DiffId.ToString());
        }
    }

    /// <summary>Removes the images that have a lost layer, unless a container was made of one; then nothing has the layer any more.</summary>
    private void Abandon(LayerRecord layer, IReadOnlyList<(Digest Image, string Name)> users)
    {
        foreach (var (image, name) in users)
        {
            if (!images.RemoveUnused(image, named: true))
            {
                throw new ContainerToolsException(ErrorKind.Conflict, "ImageInUse", $"a container was made of {name}; remove it first.", name);
            }
        }

        _ = Layers.Forget(layer.DiffId);
        _ = Layers.CollectGarbage([layer.DiffId]);
    }

    /// <summary>What a running container sees must not be taken from under it.</summary>
    private void RequireStopped(IReadOnlyList<(Digest Image, string Name)> users)
    {
        var ids = users.Select(user => user.Image.ToString()).ToHashSet();
        if (containers.Store.List().FirstOrDefault(container => ids.Contains(container.ImageId) && ContainerStatus.Of(containers.BundleOf(container.Id)).IsRunning) is { } running)
        {
            throw new ContainerToolsException(ErrorKind.Conflict, "LayerInUse", $"the container '{running.Name}' runs on it; stop it first.", running.Name);
        }
    }
}
