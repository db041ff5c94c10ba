namespace ContainerTools;

/// <summary>A snapshot of one image of the local store.</summary>
public sealed record Image
{
    /// <summary>Digest of the image configuration, <c>sha256:…</c>; what Docker calls the image id.</summary>
    public required string Id { get; init; }

    /// <summary>First tag as <c>repository:tag</c>, or the short id when untagged. Binds to every <c>-Image</c> and <c>-Name</c> parameter.</summary>
    public required string Name { get; init; }

    /// <summary>All tags in familiar form (<c>shop/web:1.2</c>).</summary>
    public required IReadOnlyList<string> Tags { get; init => field = value.ToArray(); }

    /// <summary>Digest of the manifest in the store, <c>sha256:…</c>.</summary>
    public required string Digest { get; init; }

    /// <summary>Digest of the index (multi-platform image) that the image is part of; null when it stands alone.</summary>
    public string? Index { get; init; }

    /// <summary>What the image is made for: <c>linux/amd64</c>, <c>linux/arm/v7</c>.</summary>
    public string Platform { get; init; } = "";

    /// <summary>How registries know it: <c>repository@sha256:…</c>, of the index where it came as part of one.</summary>
    public IReadOnlyList<string> RepositoryDigests { get; init => field = value.ToArray(); } = [];

    /// <summary>When the image was built, from its configuration.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Bytes of all unpacked layers.</summary>
    public long Size { get; init; }

    /// <summary>Bytes in layers that no other image uses.</summary>
    public long UniqueSize { get; init; }

    /// <summary>Bytes in layers that other images use too.</summary>
    public long SharedSize { get; init; }

    /// <summary>CPU architecture in Go's words (<c>amd64</c>, <c>arm64</c>).</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Operating system, <c>linux</c>.</summary>
    public string OperatingSystem { get; init; } = "";

    /// <summary>Author recorded in the image configuration.</summary>
    public string? Author { get; init; }

    /// <summary>Labels of the image configuration.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Annotations of the manifest.</summary>
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    /// <summary>Uncompressed layer digests (diff ids), base first.</summary>
    public required IReadOnlyList<string> Layers { get; init => field = value.ToArray(); }

    /// <summary>What a container made from this image runs with.</summary>
    public required ImageConfiguration Config { get; init; }

    /// <summary>The name that binds back.</summary>
    public override string ToString() => Name;
}
