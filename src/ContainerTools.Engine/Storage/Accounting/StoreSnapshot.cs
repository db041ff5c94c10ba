namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>What a store has at one moment, on the disk and in the catalogue, and what somebody is at work on.</summary>
internal sealed record StoreSnapshot
{
    public required DateTimeOffset Time { get; init; }

    public required IReadOnlyList<StoredPart> Parts { get; init; }

    public IReadOnlyList<LayerRow> Layers { get; init; } = [];

    public IReadOnlyList<ImageRow> Images { get; init; } = [];

    public IReadOnlyList<TagRow> Tags { get; init; } = [];

    public IReadOnlyList<ManifestRow> Manifests { get; init; } = [];

    public IReadOnlyList<ContainerRow> Containers { get; init; } = [];

    public IReadOnlyList<CacheRow> Cache { get; init; } = [];

    public IReadOnlyList<CacheMountRow> CacheMounts { get; init; } = [];

    public IReadOnlyList<NetworkRow> Networks { get; init; } = [];

    /// <summary>Layers with the operations in flight that rely on them.</summary>
    public ILookup<string, string> Leases { get; init; } = Array.Empty<string>().ToLookup(layer => layer);

    /// <summary>Work directories, downloads, cache mounts and containers without a row that a living process holds the lock of.</summary>
    public IReadOnlySet<(StoreArea Area, string Name)> Busy { get; init; } = new HashSet<(StoreArea, string)>();
}
