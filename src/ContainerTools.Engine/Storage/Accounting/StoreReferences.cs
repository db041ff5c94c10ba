using ContainerTools.Engine.Images;

namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>
/// What in a snapshot keeps what: names and containers keep images, images, the build cache and operations in flight keep layers, manifests keep blobs. Things can be
/// taken away one after the other, by the rules of <see cref="ImageStore"/> and <see cref="LayerStore"/>, to learn what nothing keeps any more.
/// </summary>
internal sealed class StoreReferences
{
    private readonly StoreSnapshot _snapshot;
    private readonly Dictionary<string, LayerRow> _layers;
    private readonly Dictionary<string, ManifestRow> _manifests;
    private readonly Dictionary<(StoreArea, string), StoredPart> _parts;
    private readonly HashSet<string> _cached;
    private readonly Dictionary<string, int> _users;
    private List<TagRow> _tags;

    public StoreReferences(StoreSnapshot snapshot)
    {
        _snapshot = snapshot;
        _layers = snapshot.Layers.ToDictionary(layer => layer.Id);
        _manifests = snapshot.Manifests.ToDictionary(manifest => manifest.Digest);
        _parts = snapshot.Parts.ToDictionary(part => (part.Area, part.Name));
        _cached = [.. snapshot.Cache.Select(row => row.Layer).OfType<string>()];
        _users = snapshot.Images.SelectMany(image => image.Layers).CountBy(layer => layer).ToDictionary();
        _tags = [.. snapshot.Tags];
    }

    /// <summary>The layer's files.</summary>
    public IEnumerable<StoredPart> PartsOf(LayerRow layer) =>
        new[] { Find(StoreArea.Tree, layer.Id), layer.HasStructure ? Find(StoreArea.Structure, layer.Id) : null, layer.Blob is { } blob ? Find(StoreArea.Blob, blob) : null }.OfType<StoredPart>();

    /// <summary>A part by its place and digest; null when there is none.</summary>
    public StoredPart? Find(StoreArea area, string digest) => _parts.GetValueOrDefault((area, digest[(digest.IndexOf(':', StringComparison.Ordinal) + 1)..]));

    /// <summary>Trees, structures and blobs that belong to no layer and no manifest.</summary>
    public IEnumerable<StoredPart> FindOrphans()
    {
        var known = _snapshot.Layers.SelectMany(PartsOf).Concat(_snapshot.Manifests.SelectMany(manifest => manifest.Blobs).Select(blob => Find(StoreArea.Blob, blob)).OfType<StoredPart>()).ToHashSet();
        return _snapshot.Parts.Where(part => part.Area is StoreArea.Tree or StoreArea.Structure or StoreArea.Blob && !known.Contains(part));
    }

    /// <summary>Names that lead to an image, by themselves or by an index.</summary>
    public IReadOnlyList<string> NamesOf(string image) => [.. _tags.Where(tag => tag.Image == image || (tag.Root is { } root && Reaches(root, image, []))).Select(tag => tag.Name)];

    /// <summary>True when a layer has neither image nor operation that needs it, and the build cache has no use for it.</summary>
    public bool IsGarbage(LayerRow layer) =>
        !_snapshot.Leases.Contains(layer.Id)
        && (!_cached.Contains(layer.Id) || layer.Lost || Find(StoreArea.Tree, layer.Id) is null)
        && !IsInImage(layer.Id);

    /// <summary>True while an image has the layer.</summary>
    public bool IsInImage(string layer) => _users.GetValueOrDefault(layer) > 0;

    /// <summary>Takes an image away; returns what goes with it.</summary>
    public IReadOnlyList<StoredPart> RemoveImage(ImageRow image)
    {
        // A name of an index goes over to another of its images, if one is here.
        _tags = [.. _tags
            .Select(tag => tag.Image == image.Id && tag.Root is { } root ? tag with { Image = ImagesOf(root).FirstOrDefault(other => other != image.Id) } : tag)
            .Where(tag => tag.Image != image.Id)];
        foreach (var layer in image.Layers)
        {
            _users[layer]--;
        }

        var blobs = _manifests.Values.Where(manifest => manifest.Image == image.Id).ToList().SelectMany(Delete).ToList();
        _tags.RemoveAll(tag => tag.Image is null && tag.Root is { } root && _manifests.GetValueOrDefault(root) is { Members.Count: > 0 } && !ImagesOf(root).Any());
        blobs.AddRange(Sweep());
        return [.. image.Layers.SelectMany(CollectLayer), .. blobs.Distinct().SelectMany(CollectBlob)];
    }

    /// <summary>Forgets what the build cache knows of a layer; returns what goes with it.</summary>
    public IReadOnlyList<StoredPart> Forget(string layer)
    {
        _cached.Remove(layer);
        return [.. CollectLayer(layer)];
    }

    /// <summary>Takes a layer away that is garbage.</summary>
    public IReadOnlyList<StoredPart> RemoveGarbage(LayerRow layer) => [.. CollectLayer(layer.Id)];

    private IEnumerable<StoredPart> CollectLayer(string id)
    {
        if (!_layers.TryGetValue(id, out var layer) || !IsGarbage(layer))
        {
            return [];
        }

        var parts = PartsOf(layer).ToList();
        _layers.Remove(id);
        return parts.Where(part => part.Area != StoreArea.Blob || !HasBlob(layer.Blob!));
    }

    private IEnumerable<StoredPart> CollectBlob(string digest) => HasBlob(digest) || Find(StoreArea.Blob, digest) is not { } part ? [] : [part];

    private bool HasBlob(string digest) => _layers.Values.Any(layer => layer.Blob == digest) || _manifests.Values.Any(manifest => manifest.Blobs.Contains(digest));

    private IReadOnlyList<string> Delete(ManifestRow manifest)
    {
        _manifests.Remove(manifest.Digest);
        return manifest.Blobs;
    }

    private List<string> Sweep()
    {
        var blobs = new List<string>();
        while (true)
        {
            var roots = _tags.Select(tag => tag.Root).ToHashSet();
            var members = _manifests.Values.SelectMany(manifest => manifest.Members).ToHashSet();
            var unreached = _manifests.Values
                .Where(manifest => manifest.Kind != ManifestKind.Image && !roots.Contains(manifest.Digest) && !members.Contains(manifest.Digest))
                .Where(manifest => manifest.Kind == ManifestKind.Index || manifest.Subject is null || !_manifests.ContainsKey(manifest.Subject))
                .ToList();
            if (unreached.Count == 0)
            {
                return blobs;
            }

            blobs.AddRange(unreached.SelectMany(Delete));
        }
    }

    private IEnumerable<string> ImagesOf(string index) => _manifests.TryGetValue(index, out var root)
        ? root.Members.Select(member => _manifests.GetValueOrDefault(member)?.Image).OfType<string>()
        : [];

    private bool Reaches(string manifest, string image, HashSet<string> seen) =>
        seen.Add(manifest)
        && _manifests.TryGetValue(manifest, out var found)
        && (found.Image == image || found.Members.Any(member => Reaches(member, image, seen)));
}
