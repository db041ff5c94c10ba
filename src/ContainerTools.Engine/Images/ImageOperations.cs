using ContainerTools.Engine.Images.Base;
using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>The image part of the engine.</summary>
internal sealed class ImageOperations(ImageStore store, RegistryAccess registries) : IImageOperations
{
    public IReadOnlyList<Image> List(ImageFilter? filter = null) => Guard("image list", () => (IReadOnlyList<Image>)
        [.. store.List().Where(record => filter is null || Passes(record, filter)).Select(ToImage)]);

    public Image Get(string reference, string? platform = null) =>
        Guard(reference, () => ToImage(store.Resolve(reference, PlatformText.ParseOptional(platform))));

    public bool Exists(string reference, string? platform = null) => Guard(reference, () =>
    {
        try
        {
            _ = store.ResolveContent(reference, PlatformText.ParseOptional(platform));
            return true;
        }
        catch (ContainerToolsException error) when (error.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    });

    public async Task<IReadOnlyList<Image>> ImportAsync(
        ImageImportRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        var records = await new ImageImporter(store, request, progress).ImportAsync(cancellationToken).ConfigureAwait(false);
        return [.. records.Select(ToImage)];
    }

    public Task<string> ExportAsync(ImageExportRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(() => Guard(request.Path ?? "the archive", () => new ImageExporter(store, request, progress).Export(cancellationToken)), cancellationToken);

    public async Task<ImagePullResult> PullAsync(ImagePullRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        var pulled = await GuardAsync(request.Name, () => new ImagePuller(store, registries, request, progress).PullAsync(cancellationToken)).ConfigureAwait(false);
        return new ImagePullResult
        {
            Name = pulled.Name.Familiar,
            Digest = pulled.Digest.ToString(),
            Images = [.. pulled.Images.Select(ToImage)],
            Artifact = pulled.Artifact is { } artifact ? ArtifactMapping.ToArtifact(artifact, store.NamesOf(artifact.Digest)) : null,
            BytesReceived = pulled.BytesReceived,
            LayersSkipped = pulled.LayersSkipped,
        };
    }

    public async Task<Image> EnsureAsync(string name, PullPolicy policy, string? platform, IProgress<EngineProgress>? progress, CancellationToken cancellationToken) =>
        ToImage(await GuardAsync(name, () => new ImageProvision(store, registries).EnsureAsync(name, policy, platform, progress, cancellationToken)).ConfigureAwait(false));

    public Task<PushResult> PushAsync(ImagePushRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken) =>
        GuardAsync(request.Name, () => new ImagePusher(store, registries, request, progress).PushAsync(cancellationToken));

    public Task<Image> NewBaseAsync(BaseImageRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(() => Guard(request.Name, () => ToImage(new BaseImageBuilder(store, request, progress).Build(cancellationToken))), cancellationToken);

    public Image AddTag(string image, IReadOnlyList<string> tags, bool force) =>
        ToImage(store.Tag(image, [.. tags.Select(ImageStore.ParseTag)], force));

    public void RemoveTag(string tag) => store.Untag(ImageStore.ParseTag(tag));

    public void Remove(string image, bool force, string? platform = null) => store.Remove(image, force, PlatformText.ParseOptional(platform));

    public IReadOnlyList<ImageHistoryEntry> GetHistory(string image) => Guard(image, () => ImageMapping.ToHistory(store.Resolve(image), store.Layers.SizeOf));

    public ImageManifestInfo GetManifest(string reference, string? platform = null) => Guard(reference, () =>
    {
        var root = platform is null ? store.ResolveRoot(reference) : store.FindManifest(store.Resolve(reference, PlatformText.Parse(platform)).ManifestDigest)!;
        return ManifestMapping.ToInfo(reference, root.MediaType, root.Content);
    });

    public IReadOnlyList<ImageManifestInfo> ListIndexes() => Guard("index list", () => (IReadOnlyList<ImageManifestInfo>)
        [.. store.ListRoots(ManifestKind.Index).SelectMany(root => root.Names.Select(name => ManifestMapping.ToInfo(name.Familiar, root.Manifest.MediaType, root.Manifest.Content)))]);

    public ImageManifestInfo ChangeIndex(ImageIndexChange change) => Guard(change.Name, () =>
    {
        var changed = new IndexEditor(store).Apply(change);
        return ManifestMapping.ToInfo(ImageStore.ParseTag(change.Name).Familiar, changed.MediaType, changed.Content);
    });

    public IReadOnlyList<ContainerArtifact> ListArtifacts(string? subject = null) => Guard(subject ?? "artifact list", () => (IReadOnlyList<ContainerArtifact>)
    [
        .. subject is null
            ? store.ListRoots(ManifestKind.Artifact).Select(root => ArtifactMapping.ToArtifact(root.Manifest, root.Names))
            : store.ArtifactsAbout(store.FindManifest(store.Resolve(subject).ManifestDigest)!.Digest)
                .Concat(store.ArtifactsAbout(store.ResolveRoot(subject).Digest))
                .DistinctBy(record => record.Digest)
                .Select(record => ArtifactMapping.ToArtifact(record, store.NamesOf(record.Digest))),
    ]);

    public void ReadBlob(string digest, Stream output, CancellationToken cancellationToken) => Guard(digest, () =>
    {
        store.Layers.WriteBlob(Digest.Parse(digest), output, cancellationToken);
        return true;
    });

    public string GetRaw(string image) => Guard(image, () =>
    {
        var record = store.Resolve(image);
        return ImageMapping.ToInspect(record, store.SizesOf(record.Id).Total, [.. record.Layers.Select(store.Layers.PathOf)]);
    });

    /// <summary>The public snapshot of a record.</summary>
    public Image ToImage(ImageRecord record)
    {
        var (total, unique) = store.SizesOf(record.Id);
        return ImageMapping.ToImage(record, total, unique);
    }

    private static bool Passes(ImageRecord record, ImageFilter filter)
    {
        var labels = record.Config.Config?.Labels;
        var created = record.Config.Created ?? DateTimeOffset.UnixEpoch;
        return (filter.Dangling is not { } dangling || dangling == (record.Tags.Count == 0))
            && (filter.Architecture is not { } architecture || architecture == record.Config.Architecture)
            && (filter.Platform is not { } platform || PlatformText.Parse(platform).Matches(ImageStore.PlatformOf(record.Config)))
            && (filter.Before is not { } before || created < before)
            && (filter.Since is not { } since || created > since)
            && filter.Labels.All(wanted => labels is not null && labels.TryGetValue(wanted.Key, out var value) && (wanted.Value is null || wanted.Value == value));
    }

    private static T Guard<T>(string subject, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (StoreErrors.Translate(error, subject) is var translated && !ReferenceEquals(translated, error))
        {
            throw translated;
        }
    }

    private static async Task<T> GuardAsync<T>(string subject, Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception error) when (StoreErrors.Translate(error, subject) is var translated && !ReferenceEquals(translated, error))
        {
            throw translated;
        }
    }
}
