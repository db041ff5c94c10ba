using ContainerTools.Oci;

namespace ContainerTools.Engine.Storage;

/// <summary>The unpacked layers of a store. Thread-safe, and safe among processes.</summary>
internal sealed class LayerStore
{
    public LayerStore(StorePaths paths, Catalog catalog) => (Paths, Catalog) = (paths, catalog);

    public StorePaths Paths { get; }

    public Catalog Catalog { get; }

    /// <summary>True when the layer is in the store. It may go at any time unless something refers to it; see <see cref="Lease"/>.</summary>
    public bool Contains(Digest diffId) => throw new NotSupportedException($"{diffId}");

    /// <summary>The layer's tree: an overlay lower directory.</summary>
    public string PathOf(Digest diffId) => Path.Combine(Paths.Layers, diffId.Hex);

    /// <summary>Bytes of the layer's regular files.</summary>
    public long SizeOf(Digest diffId) => Get(diffId).Size;

    /// <summary>The layer's record; throws <c>LayerNotFound</c>.</summary>
    public LayerRecord Get(Digest diffId) => throw new NotSupportedException($"{diffId}");

    /// <summary>The layer if the store has it, protected from garbage collection until <paramref name="work"/> is disposed; else null.</summary>
    public LayerRecord? Lease(Digest diffId, WorkDirectory work) => throw new NotSupportedException($"{diffId} {work}");

    /// <summary>
    /// Reads a layer's blob once: verifies both digests, keeps the blob, unpacks the tree, and adds the layer, leased to <paramref name="work"/>.
    /// Nothing stays when it fails.
    /// </summary>
    public Task<LayerRecord> UnpackAsync(Stream blob, LayerSource source, WorkDirectory work, LayerLimits limits, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{blob} {source} {work} {limits} {cancellationToken}");

    /// <summary>
    /// Makes a layer of a tree in overlay form (an upper directory: whiteouts are 0:0 character devices, opaque directories carry
    /// <c>trusted.overlay.opaque</c>) and leases it to <paramref name="work"/>. The tree is moved into the store; when the layer is there already,
    /// the tree is removed.
    /// </summary>
    public LayerRecord Commit(string treeDirectory, WorkDirectory work, LayerCommit? options = null) =>
        throw new NotSupportedException($"{treeDirectory} {work} {options}");

    /// <summary>Removes those of <paramref name="candidates"/> (null: all layers) that no image, build cache row or live lease refers to; returns them.</summary>
    public IReadOnlyList<LayerRecord> CollectGarbage(IReadOnlyCollection<Digest>? candidates = null) => throw new NotSupportedException($"{candidates}");
}
