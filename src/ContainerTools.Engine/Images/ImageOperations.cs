namespace ContainerTools.Engine.Images;

/// <summary>The image part of the engine.</summary>
internal sealed class ImageOperations(ImageStore store) : IImageOperations
{
    public IReadOnlyList<Image> List(ImageFilter? filter = null) => throw new NotSupportedException($"{filter} {store}");

    public Image Get(string reference) => ToImage(store.Resolve(reference));

    public Task<IReadOnlyList<Image>> ImportAsync(ImageImportRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<string> ExportAsync(ImageExportRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Image> NewBaseAsync(BaseImageRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Image AddTag(string image, IReadOnlyList<string> tags, bool force) => throw new NotSupportedException();

    public void RemoveTag(string tag) => throw new NotSupportedException();

    public void Remove(string image, bool force) => throw new NotSupportedException();

    public IReadOnlyList<ImageHistoryEntry> GetHistory(string image) => throw new NotSupportedException();

    public string GetRaw(string image) => throw new NotSupportedException();

    /// <summary>The public snapshot of a record.</summary>
    public Image ToImage(ImageRecord record) => throw new NotSupportedException($"{record}");
}
