using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>Input of <see cref="ImageStore.Add(ImageAddition)"/>.</summary>
internal sealed record ImageAddition
{
    /// <summary>The configuration; its <c>rootfs</c> names the layers, which must all be in the store.</summary>
    public required ImageConfigFile Config { get; init; }

    /// <summary>The configuration's exact bytes when they come from elsewhere; null writes <see cref="Config"/>.</summary>
    public byte[]? ConfigJson { get; init; }

    /// <summary>The manifest's exact bytes when they come from elsewhere; kept only if every blob it names is in the store.</summary>
    public byte[]? ManifestJson { get; init; }

    /// <summary>Tags to set; tags that name another image move.</summary>
    public IReadOnlyList<ImageReference> Tags { get; init; } = [];

    /// <summary>Blobs of the manifest that the store has not as a layer's own, as the layer is there in another form.</summary>
    public IReadOnlyList<KeptBlob> Blobs { get; init; } = [];

    /// <summary>Repositories (<c>registry/repository</c>) that have the image, and under which digest.</summary>
    public IReadOnlyList<(string Repository, Digest Digest)> Sources { get; init; } = [];

    /// <summary>Annotations of a manifest made here.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
