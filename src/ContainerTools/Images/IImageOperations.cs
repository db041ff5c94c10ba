namespace ContainerTools;

/// <summary>Images of the local store. Every method throws <see cref="ContainerToolsException"/>.</summary>
public interface IImageOperations
{
    /// <summary>Images that pass the filter, newest first.</summary>
    IReadOnlyList<Image> List(ImageFilter? filter = null);

    /// <summary>One image by tag, digest, id or unique id prefix. Throws <c>ImageNotFound</c>, <c>ImageIdAmbiguous</c>, <c>InvalidImageReference</c>.</summary>
    Image Get(string reference);

    /// <summary>Reads images from an archive, a layout or a root file system tar. All or nothing for each image.</summary>
    Task<IReadOnlyList<Image>> ImportAsync(ImageImportRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Writes images to a file or directory; returns its path. The target appears only when complete.</summary>
    Task<string> ExportAsync(ImageExportRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Makes a base image from executables of this host.</summary>
    Task<Image> NewBaseAsync(BaseImageRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Gives an image further tags. Throws <c>TagInUse</c> when a tag names another image and <paramref name="force"/> is not set.</summary>
    Image AddTag(string image, IReadOnlyList<string> tags, bool force);

    /// <summary>Takes a tag away; the image stays. Throws <c>ImageNotFound</c>.</summary>
    void RemoveTag(string tag);

    /// <summary>
    /// Removes an image (by tag: the tag, and the image with its last tag; by id: all) and the layers nothing else uses.
    /// Throws <c>ImageInUse</c> when a container needs it and <paramref name="force"/> is not set.
    /// </summary>
    void Remove(string image, bool force);

    /// <summary>History, newest first.</summary>
    IReadOnlyList<ImageHistoryEntry> GetHistory(string image);

    /// <summary>The image as <c>docker image inspect</c> prints it: a JSON object.</summary>
    string GetRaw(string image);
}
