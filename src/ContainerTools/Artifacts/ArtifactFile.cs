namespace ContainerTools;

/// <summary>One file of an artifact.</summary>
public sealed record ArtifactFile
{
    /// <summary>Its name (annotation <c>org.opencontainers.image.title</c>), or its digest when it has none.</summary>
    public required string Name { get; init; }

    /// <summary>Media type.</summary>
    public required string MediaType { get; init; }

    /// <summary>Digest, <c>sha256:…</c>.</summary>
    public required string Digest { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    /// <summary>Annotations; an attestation's says what it states (<c>in-toto.io/predicate-type</c>).</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
