namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>Books every part of a snapshot under the one item it belongs to.</summary>
internal sealed class StorageAccounts
{
    private readonly StoreSnapshot _snapshot;
    private readonly StoreReferences _references;
    private readonly Dictionary<StorageKind, HashSet<StoredPart>> _reclaimable;
    private readonly ILookup<string, string> _containersOfImage;
    private readonly Dictionary<string, string> _imageNames;
    private readonly HashSet<StoredPart> _booked = [];

    private StorageAccounts(StoreSnapshot snapshot)
    {
        _snapshot = snapshot;
        _references = new StoreReferences(snapshot);
        _reclaimable = Enum.GetValues<StorageKind>().ToDictionary(
            kind => kind,
            kind => ReclaimPlanner.Plan(snapshot, new ReclaimRequest { Scope = [kind] }).SelectMany(victim => victim.Parts).ToHashSet());
        _imageNames = snapshot.Images.ToDictionary(image => image.Id, image => _references.NamesOf(image.Id) is [var first, ..] ? first : ReclaimPlanner.ShortName(image.Id));
        _containersOfImage = snapshot.Containers.ToLookup(container => container.Image, container => container.Name);
    }

    /// <summary>Everything in the store, the largest first within each kind.</summary>
    public static IReadOnlyList<StorageItem> Items(StoreSnapshot snapshot)
    {
        var accounts = new StorageAccounts(snapshot);
        return [.. accounts.Layers().Concat(accounts.Blobs()).Concat(accounts.Rest()).ToList().OrderBy(item => item.Kind).ThenByDescending(item => item.Size)];
    }

    /// <summary>A row for each kind that takes space.</summary>
    public static IReadOnlyList<StorageUsage> Usage(StoreSnapshot snapshot)
    {
        var items = Items(snapshot).ToLookup(item => item.Kind);
        return [.. Enum.GetValues<StorageKind>().Where(kind => kind != StorageKind.Network).Select(kind => new StorageUsage
        {
            Kind = kind,
            Count = kind switch
            {
                StorageKind.Image => snapshot.Images.Count,
                StorageKind.Container => snapshot.Containers.Count,
                _ => items[kind].Count(),
            },
            Active = kind switch
            {
                StorageKind.Image => snapshot.Containers.Select(container => container.Image).Distinct().Count(),
                StorageKind.Container => snapshot.Containers.Count(container => container.Runs),
                _ => items[kind].Count(item => item.InUse),
            },
            Size = items[kind].Sum(item => item.Size),
            Reclaimable = items[kind].Sum(item => item.Reclaimable),
        })];
    }

    private IEnumerable<StorageItem> Layers()
    {
        var images = _snapshot.Images.SelectMany(image => image.Layers.Select(layer => (Layer: layer, Image: image))).ToLookup(pair => pair.Layer, pair => pair.Image);
        var cached = _snapshot.Cache.Where(row => row.Layer is not null).ToDictionary(row => row.Layer!, row => row.Used);
        foreach (var layer in _snapshot.Layers)
        {
            var users = images[layer.Id].ToList();
            var kind = users.Count > 0 ? StorageKind.Image : cached.ContainsKey(layer.Id) && !_references.IsGarbage(layer) ? StorageKind.BuildCache : StorageKind.Work;
            if (Item(kind, ReclaimPlanner.ShortName(layer.Id), layer.Id, _references.PartsOf(layer)) is { } item)
            {
                var used = users.Select(user => user.Used).Concat(cached.TryGetValue(layer.Id, out var found) ? [found] : []);
                yield return Shared(item, users.Count) with
                {
                    UsedBy = [.. users.Select(user => _imageNames[user.Id]), .. _snapshot.Leases[layer.Id]],
                    InUse = users.Any(user => _containersOfImage.Contains(user.Id)) || _snapshot.Leases.Contains(layer.Id),
                    Created = layer.Created,
                    LastUsed = used.Select(time => (DateTimeOffset?)time).Max(),
                };
            }
        }
    }

    /// <summary>Blobs of manifests that are no layer's as well.</summary>
    private IEnumerable<StorageItem> Blobs()
    {
        var images = _snapshot.Images.ToDictionary(image => image.Id);
        var manifests = _snapshot.Manifests.ToDictionary(manifest => manifest.Digest);
        foreach (var blob in _snapshot.Manifests.SelectMany(manifest => manifest.Blobs.Select(digest => (Digest: digest, Manifest: manifest))).GroupBy(pair => pair.Digest, pair => pair.Manifest))
        {
            if (_references.Find(StoreArea.Blob, blob.Key) is { } part && Item(StorageKind.Image, ReclaimPlanner.ShortName(blob.Key), blob.Key, [part]) is { } item)
            {
                // An artifact is about an image's manifest, or has a name of its own.
                var owners = blob.Select(manifest => manifest.Image ?? (manifest.Subject is { } subject ? manifests.GetValueOrDefault(subject)?.Image : null)).OfType<string>().Distinct()
                    .Select(image => images.GetValueOrDefault(image)).OfType<ImageRow>().ToList();
                var roots = blob.SelectMany(manifest => _snapshot.Tags.Where(tag => tag.Root == manifest.Digest)).Select(tag => tag.Name);
                yield return Shared(item, blob.Count()) with
                {
                    UsedBy = [.. owners.Select(owner => _imageNames[owner.Id]).Concat(roots).Distinct()],
                    InUse = owners.Any(owner => _containersOfImage.Contains(owner.Id)),
                    Created = part.Modified,
                    LastUsed = owners.Select(owner => (DateTimeOffset?)owner.Used).Max(),
                };
            }
        }
    }

    private IEnumerable<StorageItem> Rest()
    {
        var containers = _snapshot.Containers.ToDictionary(container => container.Id);
        var mounts = _snapshot.CacheMounts.ToDictionary(mount => mount.Hash);
        return _snapshot.Parts.Where(part => !_booked.Contains(part)).Select(part => part.Area switch
        {
            StoreArea.Container or StoreArea.Log when containers.TryGetValue(part.Name, out var container) => Of(
                part.Area == StoreArea.Log ? StorageKind.Log : StorageKind.Container, container.Name, part) with
            {
                InUse = !ReclaimPlanner.IsOver(container, _snapshot.Time),
                UsedBy = part.Area == StoreArea.Log ? [container.Name] : [],
                Created = container.Created,
                LastUsed = container.Runs ? _snapshot.Time : container.Ended ?? container.Created,
            },
            StoreArea.CacheMount => Of(StorageKind.BuildCache, mounts.GetValueOrDefault(part.Name)?.Id ?? ReclaimPlanner.ShortName(part.Name), part) with { LastUsed = mounts.GetValueOrDefault(part.Name)?.Used },
            StoreArea.Partial => Of(StorageKind.Partial, ReclaimPlanner.ShortName(part.Name), part),
            StoreArea.Catalog => Of(StorageKind.Catalog, part.Name, part) with { InUse = true },
            StoreArea.Other => Of(StorageKind.Other, Path.GetFileName(part.Path), part),
            _ => Of(StorageKind.Work, ReclaimPlanner.ShortName(part.Name), part),
        });
    }

    private StorageItem Of(StorageKind kind, string name, StoredPart part) =>
        Shared(Item(kind, name, part.Name, [part])!, users: 1) with { InUse = _snapshot.Busy.Contains((part.Area, part.Name)), LastUsed = part.Modified };

    /// <summary>Null when all of its parts are booked elsewhere or not there.</summary>
    private StorageItem? Item(StorageKind kind, string name, string id, IEnumerable<StoredPart> parts)
    {
        var own = parts.Where(_booked.Add).ToList();
        return own.Count == 0 ? null : new StorageItem
        {
            Kind = kind,
            Name = name,
            Id = id,
            Size = own.Sum(part => part.Size),
            Reclaimable = own.Where(_reclaimable[kind].Contains).Sum(part => part.Size),
            Path = own[0].Path,
        };
    }

    private static StorageItem Shared(StorageItem item, int users) => users > 1 ? item with { SharedSize = item.Size } : item with { UniqueSize = item.Size };
}
