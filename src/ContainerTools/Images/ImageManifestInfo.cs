namespace ContainerTools;

/// <summary>A manifest or an index, in the store or in a registry.</summary>
public sealed record ImageManifestInfo
{
    /// <summary>What was asked for, in familiar form.</summary>
    public required string Name { get; init; }

    /// <summary>Digest of the document, <c>sha256:…</c>.</summary>
    public required string Digest { get; init; }

    /// <summary>Media type of the document.</summary>
    public required string MediaType { get; init; }

    /// <summary>Bytes of the document.</summary>
    public long Size { get; init; }

    /// <summary>True for an index or manifest list.</summary>
    public bool IsIndex { get; init; }

    /// <summary>What an artifact says that it is; null for an image or index.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Digest of the configuration, which is the image's id; null for an index.</summary>
    public string? ConfigDigest { get; init; }

    /// <summary>Layers of an image or files of an artifact, base first.</summary>
    public IReadOnlyList<ImageDescriptor> Layers { get; init => field = value.ToArray(); } = [];

    /// <summary>Manifests of an index.</summary>
    public IReadOnlyList<ImageDescriptor> Manifests { get; init => field = value.ToArray(); } = [];

    /// <summary>Platforms of an index, as far as its entries have one.</summary>
    public IReadOnlyList<string> Platforms { get; init => field = value.ToArray(); } = [];

    /// <summary>Digest of what it is about; null when it stands alone.</summary>
    public string? Subject { get; init; }

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>The exact document.</summary>
    public required string Json { get; init; }

    /// <summary>Name and digest.</summary>
    public override string ToString() => $"{Name} {Digest}";
}
