namespace ContainerTools;

/// <summary>Something in the store that came from a registry and is no image: a chart, a signature, an attestation, any file.</summary>
public sealed record ContainerArtifact
{
    /// <summary>First name in familiar form, or the digest when it has none.</summary>
    public required string Name { get; init; }

    /// <summary>All names.</summary>
    public IReadOnlyList<string> Tags { get; init => field = value.ToArray(); } = [];

    /// <summary>Digest of the manifest, <c>sha256:…</c>.</summary>
    public required string Digest { get; init; }

    /// <summary>What it is: <c>artifactType</c> of the manifest, or the media type of its configuration.</summary>
    public required string ArtifactType { get; init; }

    /// <summary>Digest of the manifest that it is about; null when it stands alone.</summary>
    public string? Subject { get; init; }

    /// <summary>Annotations of the manifest.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Its files.</summary>
    public IReadOnlyList<ArtifactFile> Files { get; init => field = value.ToArray(); } = [];

    /// <summary>Bytes of all files.</summary>
    public long Size { get; init; }

    /// <summary>When it came into the store.</summary>
    public DateTimeOffset Received { get; init; }

    /// <summary>The name that binds back.</summary>
    public override string ToString() => Name;
}
