using ContainerTools.Engine.Build.Execution;
using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Registry;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>Takes victims away. Each is looked at once more under the lock that protects it: what has come into use since the plan was made stays.</summary>
internal sealed class Reclamation(ContainerContext context, ContainerOperations containers, ImageStore images)
{
    private LayerStore Layers => images.Layers;

    public ReclaimResult Execute(ReclaimVictim victim)
    {
        var result = ResultOf(victim);
        try
        {
            return Remove(victim) ? result with { Removed = true } : result with { Reason = "it has come into use, or gone, meanwhile" };
        }
        catch (Exception error) when (StoreErrors.Translate(error, victim.Name) is ContainerToolsException known)
        {
            return result with { Reason = $"{victim.Reason}; it cannot be removed: {known.Message}" };
        }
    }

    public static ReclaimResult ResultOf(ReclaimVictim victim) => new() { Kind = victim.Kind, Name = victim.Name, Id = victim.Id, Size = victim.Size, Reason = victim.Reason };

    private bool Remove(ReclaimVictim victim) => victim.Form switch
    {
        VictimForm.Container => containers.TryRemoveStopped(victim.Id),
        VictimForm.ContainerRemnant => RemoveRemnant(victim.Id),
        VictimForm.Network => RemoveNetwork(victim.Id),
        VictimForm.DanglingImage => images.RemoveUnused(Digest.Parse(victim.Id), named: false),
        VictimForm.Image => images.RemoveUnused(Digest.Parse(victim.Id), named: true),
        VictimForm.CachedLayer => Layers.Forget(Digest.Parse(victim.Id)),
        VictimForm.CachedSteps => Layers.Catalog.WriteFreeing(connection => connection.Execute("DELETE FROM build_cache WHERE diff_id IS NULL")) > 0,
        VictimForm.CacheMount => CacheMountDirectory.TryRemove(Layers, victim.Id),
        VictimForm.Log => RemoveLog(victim.Id),
        VictimForm.Partial => RemovePartial(victim.Id),
        VictimForm.WorkDirectory => AbandonedWork.TryRemove(Layers, victim.Id),
        VictimForm.GarbageLayer => Layers.CollectGarbage([Digest.Parse(victim.Id)]).Count > 0,
        _ => Layers.RemoveOrphan(victim.Id),
    };

    private bool RemoveRemnant(string id)
    {
        var bundle = context.BundleOf(id);
        using var held = ContainerLock.TryTake(bundle);
        if (held is null || context.Store.Find(id) is not null)
        {
            return false;
        }

        ContainerLeftovers.Remove(bundle);
        held.Discard();
        return true;
    }

    private bool RemoveNetwork(string id)
    {
        context.Networks.Remove(id);
        return true;
    }

    private bool RemoveLog(string id)
    {
        var bundle = context.BundleOf(id);
        using var held = ContainerLock.TryTake(bundle);
        if (held is null || !Directory.Exists(bundle.Directory) || ContainerStatus.Of(bundle).IsRunning)
        {
            return false;
        }

        foreach (var file in Directory.EnumerateFiles(bundle.Directory, Path.GetFileName(bundle.Log) + "*"))
        {
            File.Delete(file);
        }

        return true;
    }

    private bool RemovePartial(string hex)
    {
        using var partial = PartialBlob.TryOpen(context.Paths, Digest.Parse("sha256:" + hex));
        partial?.Discard();
        return partial is not null;
    }
}
