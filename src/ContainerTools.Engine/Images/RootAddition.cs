using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>Input of <see cref="ImageStore.AddRoot"/>: an index or an artifact. The images of an index are added before it.</summary>
internal sealed record RootAddition
{
    public required ManifestKind Kind { get; init; }

    public required string MediaType { get; init; }

    /// <summary>The document's exact bytes.</summary>
    public required byte[] Content { get; init; }

    /// <summary>Names that stand for it.</summary>
    public IReadOnlyList<ImageReference> Names { get; init; } = [];

    /// <summary>Blobs of an artifact.</summary>
    public IReadOnlyList<KeptBlob> Blobs { get; init; } = [];

    /// <summary>What an artifact is about.</summary>
    public Digest? Subject { get; init; }

    /// <summary>Indexes and artifacts that this index names.</summary>
    public IReadOnlyList<RootAddition> Members { get; init; } = [];
}
