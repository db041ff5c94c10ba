namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>Which part of the build cache goes: what was used longest ago first, until no more is left than is to be kept.</summary>
/// <param name="snapshot">The store.</param>
/// <param name="references">What keeps what, after the images that go before.</param>
/// <param name="request">What is wanted.</param>
/// <param name="isOld">Whether something last used then is old enough.</param>
internal sealed class CachePlan(StoreSnapshot snapshot, StoreReferences references, ReclaimRequest request, Func<DateTimeOffset, bool> isOld)
{
    public IEnumerable<ReclaimVictim> Victims()
    {
        var rows = snapshot.Cache.Where(row => row.Layer is not null).ToDictionary(row => row.Layer!, row => row.Used);
        var layers = snapshot.Layers.Where(layer => rows.ContainsKey(layer.Id) && !references.IsInImage(layer.Id)).ToList();
        var mounts = snapshot.Parts.Where(part => part.Area == StoreArea.CacheMount).ToList();
        var names = snapshot.CacheMounts.ToDictionary(mount => mount.Hash);
        var size = layers.SelectMany(references.PartsOf).Concat(mounts).Sum(part => part.Size);

        // Of steps used at the same time, the later ones go first: they cannot be found without the earlier ones.
        IEnumerable<(DateTimeOffset Used, DateTimeOffset Created, Func<ReclaimVictim> Victim)> candidates =
        [
            .. layers.Where(layer => !snapshot.Leases.Contains(layer.Id)).Select(layer => (rows[layer.Id], layer.Created, (Func<ReclaimVictim>)(() => Forget(layer.Id, "only the build cache has it")))),
            .. mounts.Where(mount => !snapshot.Busy.Contains((mount.Area, mount.Name))).Select(mount =>
                (names.GetValueOrDefault(mount.Name)?.Used ?? mount.Modified, mount.Modified, (Func<ReclaimVictim>)(() => Remove(mount, names.GetValueOrDefault(mount.Name)?.Id)))),
        ];
        foreach (var candidate in candidates.Where(candidate => isOld(candidate.Used)).OrderBy(candidate => candidate.Used).ThenByDescending(candidate => candidate.Created))
        {
            if (request.KeepBytes is { } keep && size <= keep)
            {
                yield break;
            }

            var victim = candidate.Victim();
            size -= victim.Size;
            yield return victim;
        }

        foreach (var row in snapshot.Cache.Where(row => request.All && request.KeepBytes is null && isOld(row.Used)))
        {
            if (row.Layer is null)
            {
                yield return new ReclaimVictim(StorageKind.BuildCache, VictimForm.CachedSteps, "", "steps without a layer", "the build cache remembers them", []);
            }
            else if (references.IsInImage(row.Layer))
            {
                yield return Forget(row.Layer, "the build cache remembers it; an image keeps the layer");
            }
        }
    }

    private ReclaimVictim Forget(string layer, string reason) =>
        new(StorageKind.BuildCache, VictimForm.CachedLayer, layer, ReclaimPlanner.ShortName(layer), reason, references.Forget(layer));

    private static ReclaimVictim Remove(StoredPart mount, string? id) =>
        new(StorageKind.BuildCache, VictimForm.CacheMount, mount.Name, id ?? ReclaimPlanner.ShortName(mount.Name), "no build uses it", [mount]);
}
