namespace ContainerTools;

/// <summary>What a pull brought.</summary>
public sealed record ImagePullResult
{
    /// <summary>What was pulled, in familiar form, with the registry it came from.</summary>
    public required string Name { get; init; }

    /// <summary>Digest of the manifest or index that the name stands for.</summary>
    public required string Digest { get; init; }

    /// <summary>The images, one for each platform.</summary>
    public IReadOnlyList<Image> Images { get; init => field = value.ToArray(); } = [];

    /// <summary>The artifact, when it is no image; else null.</summary>
    public ContainerArtifact? Artifact { get; init; }

    /// <summary>Bytes of blobs that came over the network.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Layers that were here already.</summary>
    public int LayersSkipped { get; init; }
}
