namespace ContainerTools;

/// <summary>An entry of a manifest or index (OCI image-spec, descriptor.md).</summary>
public sealed record ImageDescriptor
{
    /// <summary>Digest of the content, <c>sha256:…</c>.</summary>
    public required string Digest { get; init; }

    /// <summary>Media type of the content.</summary>
    public required string MediaType { get; init; }

    /// <summary>Bytes of the content.</summary>
    public long Size { get; init; }

    /// <summary>Platform, of an entry of an index; null when it has none.</summary>
    public string? Platform { get; init; }

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>The digest.</summary>
    public override string ToString() => Digest;
}
