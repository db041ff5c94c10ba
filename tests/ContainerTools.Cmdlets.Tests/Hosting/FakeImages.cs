namespace ContainerTools.Cmdlets.Tests;

internal sealed class FakeImages : IImageOperations
{
    public List<Image> All { get; } = [];

    public List<string> Calls { get; } = [];

    public ImageImportRequest? LastImport { get; private set; }

    public byte[]? LastContent { get; private set; }

    public ImageExportRequest? LastExport { get; private set; }

    public ImagePullRequest? LastPull { get; private set; }

    public List<ImagePushRequest> Pushes { get; } = [];

    public BaseImageRequest? LastBase { get; private set; }

    public ImageFilter? LastFilter { get; private set; }

    public IReadOnlyList<EngineProgress> Reports { get; set; } = [];

    public Image Add(params string[] tags)
    {
        var image = New(tags);
        All.Add(image);
        return image;
    }

    public IReadOnlyList<Image> List(ImageFilter? filter = null)
    {
        LastFilter = filter;
        return [.. All.Where(image => filter?.Dangling is not { } dangling || dangling == (image.Tags.Count == 0))];
    }

    public Image Get(string reference, string? platform = null) => All.Find(image =>
            image.Tags.Contains(reference) || image.Tags.Contains(reference + ":latest") || image.Id.StartsWith(reference, StringComparison.Ordinal) || image.Id == "sha256:" + reference)
        ?? throw new ContainerToolsException(ErrorKind.NotFound, "ImageNotFound", $"No image '{reference}'.", reference, "Import it.");

    public bool Exists(string reference, string? platform = null)
    {
        try
        {
            return Get(reference, platform) is not null;
        }
        catch (ContainerToolsException)
        {
            return false;
        }
    }

    public async Task<IReadOnlyList<Image>> ImportAsync(ImageImportRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        LastImport = request;
        if (request.Content is { } content)
        {
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, cancellationToken);
            LastContent = copy.ToArray();
        }

        foreach (var report in Reports)
        {
            progress?.Report(report);
        }

        return [Add([.. request.Tags.DefaultIfEmpty("imported:latest")])];
    }

    public async Task<string> ExportAsync(ImageExportRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        LastExport = request;
        if (request.Output is { } output)
        {
            output.Write("archive"u8);
            return "";
        }

        await File.WriteAllTextAsync(request.Path!, "archive", cancellationToken);
        return request.Path!;
    }

    public Task<ImagePullResult> PullAsync(ImagePullRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        LastPull = request;
        progress?.Report(new EngineProgress { Activity = "Pull", Item = "layer", Warning = "few pulls are left" });
        return Task.FromResult(new ImagePullResult { Name = request.Name, Digest = "sha256:" + new string('d', 64), Images = [Add(request.Name)] });
    }

    public Task<Image> EnsureAsync(string name, PullPolicy policy, string? platform, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        Calls.Add($"ensure {name} {policy} {platform}".TrimEnd());
        return Task.FromResult(name.StartsWith("ghost", StringComparison.Ordinal) ? Get(name) : Add(name));
    }

    public Task<PushResult> PushAsync(ImagePushRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        Pushes.Add(request);
        return Task.FromResult(new PushResult { Image = request.Name, Name = request.Destination ?? request.Name, Digest = "sha256:" + new string('e', 64) });
    }

    public ImageManifestInfo GetManifest(string reference, string? platform = null) =>
        new() { Name = reference, Digest = Get(reference).Digest, MediaType = "type", Json = "{}" };

    public List<ImageIndexChange> IndexChanges { get; } = [];

    public List<ContainerArtifact> Artifacts { get; } = [];

    public IReadOnlyList<ImageManifestInfo> ListIndexes() => [.. new[] { "shop/web:1", "base:latest" }.Select(name => GetManifest(name) with { IsIndex = true })];

    public ImageManifestInfo ChangeIndex(ImageIndexChange change)
    {
        IndexChanges.Add(change);
        return new ImageManifestInfo { Name = change.Name, Digest = "sha256:" + new string('f', 64), MediaType = "type", IsIndex = true, Json = "{}" };
    }

    public IReadOnlyList<ContainerArtifact> ListArtifacts(string? subject = null) => Artifacts;

    public void ReadBlob(string digest, Stream output, CancellationToken cancellationToken) => output.Write(System.Text.Encoding.UTF8.GetBytes("content of " + digest));

    public Task<Image> NewBaseAsync(BaseImageRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        LastBase = request;
        return Task.FromResult(Add(request.Name + ":latest"));
    }

    public Image AddTag(string image, IReadOnlyList<string> tags, bool force)
    {
        Calls.Add($"tag {image} {string.Join(' ', tags)} {force}");
        return Get(image);
    }

    public void RemoveTag(string tag)
    {
        _ = Get(tag);
        Calls.Add($"untag {tag}");
    }

    public void Remove(string image, bool force, string? platform = null)
    {
        _ = Get(image);
        Calls.Add($"remove {image} {force}");
    }

    public IReadOnlyList<ImageHistoryEntry> GetHistory(string image) =>
        [new ImageHistoryEntry { Image = Get(image).Name, CreatedBy = "RUN true" }, new ImageHistoryEntry { Image = Get(image).Name, CreatedBy = "COPY . /" }];

    public string GetRaw(string image) => $"{{\"Id\":\"{Get(image).Id}\"}}";

    public static Image New(params string[] tags)
    {
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join(' ', tags))));
        return new Image
        {
            Id = "sha256:" + digest, Name = tags.Length > 0 ? tags[0] : digest[..12], Tags = tags, Digest = "sha256:" + new string('d', 64),
            Labels = new Dictionary<string, string>(), Annotations = new Dictionary<string, string>(), Layers = [], Config = new ImageConfiguration(),
            Architecture = "amd64", OperatingSystem = "linux",
        };
    }
}
