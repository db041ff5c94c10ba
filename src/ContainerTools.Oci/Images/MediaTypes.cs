namespace ContainerTools.Oci;

/// <summary>Media types of OCI images (image-spec, media-types.md) and of Docker's equivalents.</summary>
public static class MediaTypes
{
    /// <summary>OCI image index.</summary>
    public const string ImageIndex = "application/vnd.oci.image.index.v1+json";

    /// <summary>OCI image manifest.</summary>
    public const string ImageManifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>OCI image configuration.</summary>
    public const string ImageConfig = "application/vnd.oci.image.config.v1+json";

    /// <summary>Uncompressed layer.</summary>
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";

    /// <summary>Layer compressed with gzip.</summary>
    public const string LayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>Layer compressed with zstd.</summary>
    public const string LayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";

    /// <summary>Docker's manifest list.</summary>
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>Docker's image manifest, schema 2.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Docker's image configuration.</summary>
    public const string DockerImageConfig = "application/vnd.docker.container.image.v1+json";

    /// <summary>Docker's uncompressed layer.</summary>
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";

    /// <summary>Docker's layer compressed with gzip.</summary>
    public const string DockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <summary>Docker's manifest of the time before content addresses; never read.</summary>
    public const string DockerManifestSchema1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    /// <summary>The configuration of an artifact that has none.</summary>
    public const string EmptyConfig = "application/vnd.oci.empty.v1+json";

    /// <summary>An in-toto statement: what an attestation's blobs are.</summary>
    public const string InToto = "application/vnd.in-toto+json";

    /// <summary>True for an index or a manifest list.</summary>
    public static bool IsIndex(string? mediaType) => mediaType is ImageIndex or DockerManifestList;

    /// <summary>True for an image manifest of either family.</summary>
    public static bool IsManifest(string? mediaType) => mediaType is ImageManifest or DockerManifest;

    /// <summary>True for an image configuration of either family.</summary>
    public static bool IsConfig(string? mediaType) => mediaType is ImageConfig or DockerImageConfig;

    /// <summary>True for a file system layer this engine can unpack.</summary>
    public static bool IsLayer(string? mediaType) => mediaType is Layer or LayerGzip or LayerZstd or DockerLayer or DockerLayerGzip;

    /// <summary>True for a layer that must not be given on and whose blob lies elsewhere (image-spec, layer.md, "Non-Distributable Layers").</summary>
    public static bool IsForeignLayer(string? mediaType) =>
        mediaType?.StartsWith("application/vnd.oci.image.layer.nondistributable.", StringComparison.Ordinal) == true
        || mediaType == "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
}
