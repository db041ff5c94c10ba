namespace ContainerTools;

/// <summary>Images of the local store. Every method throws <see cref="ContainerToolsException"/>.</summary>
public interface IImageOperations
{
    /// <summary>Images that pass the filter, newest first.</summary>
    IReadOnlyList<Image> List(ImageFilter? filter = null);

    /// <summary>
    /// One image by tag, digest, id or unique id prefix; of an index, the image for <paramref name="platform"/>, or for this host. Throws <c>ImageNotFound</c>,
    /// <c>ImageIdAmbiguous</c>, <c>InvalidImageReference</c>, <c>ImagePlatformNotFound</c>, <c>NotAnImage</c>.
    /// </summary>
    Image Get(string reference, string? platform = null);

    /// <summary>True when <see cref="Get"/> would find an image, found out with less. Throws <c>ImageIdAmbiguous</c>, <c>InvalidImageReference</c>, <c>NotAnImage</c>.</summary>
    bool Exists(string reference, string? platform = null);

    /// <summary>Reads images from an archive, a layout or a root file system tar. All or nothing for each image.</summary>
    Task<IReadOnlyList<Image>> ImportAsync(ImageImportRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Writes images to a file or directory; returns its path. The target appears only when complete.</summary>
    Task<string> ExportAsync(ImageExportRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken);

    /// <summary>
    /// Pulls an image, an index or an artifact from its registry. What is here already is not fetched again; what was fetched when it broke off is gone on from. Throws
    /// <see cref="RegistryException"/> and what <see cref="ImportAsync"/> throws.
    /// </summary>
    Task<ImagePullResult> PullAsync(ImagePullRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken);

    /// <summary>An image that is about to be used, pulled first if the policy wants it. Throws <c>ImageNotFound</c>, with the reason why it could not be pulled, and what <see cref="PullAsync"/> throws.</summary>
    Task<Image> EnsureAsync(string name, PullPolicy policy, string? platform, IProgress<EngineProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Pushes an image, an index or an artifact to a registry. Throws <see cref="RegistryException"/>, <c>ImageNotFound</c>, <c>PushDestinationMissing</c>, <c>InvalidCompressionLevel</c>.</summary>
    Task<PushResult> PushAsync(ImagePushRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Makes a base image from executables of this host.</summary>
    Task<Image> NewBaseAsync(BaseImageRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Gives an image further tags. Throws <c>TagInUse</c> when a tag names another image and <paramref name="force"/> is not set.</summary>
    Image AddTag(string image, IReadOnlyList<string> tags, bool force);

    /// <summary>Takes a tag away; the image stays. Throws <c>ImageNotFound</c>.</summary>
    void RemoveTag(string tag);

    /// <summary>
    /// Removes an image (by tag: the tag, and the image with its last tag; by id: all) and the layers nothing else uses.
    /// With <paramref name="platform"/>, only the image of an index for it. An artifact goes the same way.
    /// Throws <c>ImageInUse</c> when a container needs it and <paramref name="force"/> is not set.
    /// </summary>
    void Remove(string image, bool force, string? platform = null);

    /// <summary>History, newest first.</summary>
    IReadOnlyList<ImageHistoryEntry> GetHistory(string image);

    /// <summary>The manifest or index that a name, digest or id stands for; with <paramref name="platform"/>, the manifest of an image of the index.</summary>
    ImageManifestInfo GetManifest(string reference, string? platform = null);

    /// <summary>Indexes (multi-platform images) of the store that have a name, oldest first.</summary>
    IReadOnlyList<ImageManifestInfo> ListIndexes();

    /// <summary>Makes or changes an index. Throws <c>IndexNotFound</c>, <c>IndexEntryNotFound</c>, <c>TagInUse</c>, <c>ImageNotFound</c>, <c>InvalidPlatform</c>.</summary>
    ImageManifestInfo ChangeIndex(ImageIndexChange change);

    /// <summary>Artifacts of the store, oldest first; with <paramref name="subject"/>, those that are about what this name, digest or id stands for.</summary>
    IReadOnlyList<ContainerArtifact> ListArtifacts(string? subject = null);

    /// <summary>Writes a file of an artifact, or any blob of a manifest in the store, by its digest. Throws <c>BlobNotFound</c>.</summary>
    void ReadBlob(string digest, Stream output, CancellationToken cancellationToken);

    /// <summary>The image as <c>docker image inspect</c> prints it: a JSON object.</summary>
    string GetRaw(string image);
}
