namespace ContainerTools;

/// <summary>A name and the digest that it stands for now.</summary>
public sealed record ResolvedImage
{
    /// <summary>Pinned to the digest: <c>registry/repository@sha256:…</c>. Binds to <c>Receive-Image -Name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What was asked for, in familiar form.</summary>
    public required string Requested { get; init; }

    /// <summary>Host of the registry.</summary>
    public required string Registry { get; init; }

    /// <summary>Path in the registry.</summary>
    public required string Repository { get; init; }

    /// <summary>Tag that was asked for; null when there was none.</summary>
    public string? Tag { get; init; }

    /// <summary>Digest of the manifest or index.</summary>
    public required string Digest { get; init; }

    /// <summary>Its media type.</summary>
    public required string MediaType { get; init; }

    /// <summary>The name that binds back.</summary>
    public override string ToString() => Name;
}
