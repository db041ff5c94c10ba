namespace ContainerTools;

/// <summary>What a push or a copy brought to a registry.</summary>
public sealed record PushResult
{
    /// <summary>What was pushed.</summary>
    public required string Image { get; init; }

    /// <summary>Where it is now, in familiar form. Binds to <c>Receive-Image -Name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Digest of the manifest or index there, <c>sha256:…</c>.</summary>
    public required string Digest { get; init; }

    /// <summary>Bytes of blobs that were sent.</summary>
    public long BytesUploaded { get; init; }

    /// <summary>Layers and other blobs that were there already.</summary>
    public int LayersSkipped { get; init; }

    /// <summary>Layers and other blobs that the registry took over from another repository.</summary>
    public int LayersMounted { get; init; }

    /// <summary>The name with the digest.</summary>
    public override string ToString() => $"{Name}@{Digest}";
}
