namespace ContainerTools;

/// <summary>Input of <see cref="IImageOperations.PushAsync"/>.</summary>
public sealed record ImagePushRequest
{
    /// <summary>Name, digest or id of an image, index or artifact of the store.</summary>
    public required string Name { get; init; }

    /// <summary>Where to: <c>registry/repository[:tag]</c>; null means the name itself.</summary>
    public string? Destination { get; init; }

    /// <summary>Platform to push of an index; null pushes all of it.</summary>
    public string? Platform { get; init; }

    /// <summary>
    /// How layers are compressed. Null leaves an image that came from a registry as it is, byte by byte, and gives every other gzip.
    /// </summary>
    public ImageCompression? Compression { get; init; }

    /// <summary>Level of <see cref="Compression"/>; null means its usual one.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>Compress layers anew that are compressed so already.</summary>
    public bool ForceCompression { get; init; }

    /// <summary>How transfers are made.</summary>
    public TransferOptions Transfer { get; init; } = new();
}
