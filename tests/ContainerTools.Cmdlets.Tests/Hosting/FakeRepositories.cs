namespace ContainerTools.Cmdlets.Tests;

internal sealed class FakeRepositories : IRepositoryOperations
{
    private static readonly string Digest = "sha256:" + new string('c', 64);

    public List<string> Calls { get; } = [];

    public ImageCopyRequest? LastCopy { get; private set; }

    public IReadOnlyList<string> Tags { get; set; } = ["1", "1.1", "latest"];

    public Task<IReadOnlyList<RegistryTag>> ListTagsAsync(string repository, CancellationToken cancellationToken) => repository.StartsWith("no/", StringComparison.Ordinal)
        ? throw new RegistryException(ErrorKind.NotFound, "RemoteImageNotFound", $"{repository} is not there.", repository, "Check the name.") { StatusCode = 404 }
        : Task.FromResult<IReadOnlyList<RegistryTag>>([.. Tags.Select(tag => new RegistryTag { Name = $"{repository}:{tag}", Repository = repository, Tag = tag })]);

    public Task<IReadOnlyList<ImageSearchResult>> SearchAsync(string registry, string term, int limit, CancellationToken cancellationToken)
    {
        Calls.Add($"search {registry} {term} {limit}");
        return Task.FromResult<IReadOnlyList<ImageSearchResult>>(
            [new ImageSearchResult { Name = term, Stars = 7, Official = true }, new ImageSearchResult { Name = $"somebody/{term}", Description = "A copy" }]);
    }

    public Task<ResolvedImage> ResolveAsync(string name, string? platform, CancellationToken cancellationToken)
    {
        Calls.Add($"resolve {name} {platform}");
        return Task.FromResult(new ResolvedImage { Name = $"{name}@{Digest}", Requested = name, Registry = "docker.io", Repository = name, Digest = Digest, MediaType = "type" });
    }

    public Task<ImageManifestInfo> GetManifestAsync(string name, string? platform, CancellationToken cancellationToken)
    {
        Calls.Add($"manifest {name} {platform}");
        return Task.FromResult(new ImageManifestInfo { Name = name, Digest = Digest, MediaType = "type", Json = "{\"remote\":true}" });
    }

    public Task<IReadOnlyList<ImageReferrer>> ListReferrersAsync(string name, string? artifactType, CancellationToken cancellationToken)
    {
        Calls.Add($"referrers {name} {artifactType}");
        return Task.FromResult<IReadOnlyList<ImageReferrer>>([new ImageReferrer { Name = $"{name}@{Digest}", Subject = name, Digest = Digest, MediaType = "type", ArtifactType = "signature" }]);
    }

    public Task<PushResult> CopyAsync(ImageCopyRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        LastCopy = request;
        return Task.FromResult(new PushResult { Image = request.Source, Name = request.Destination, Digest = Digest });
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Calls.Add($"delete {name}");
        return Task.CompletedTask;
    }
}
