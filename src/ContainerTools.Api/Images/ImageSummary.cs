namespace ContainerTools.Api.Images;

/// <summary>One row of <c>GET /images/json</c>, in the API's words.</summary>
internal sealed record ImageSummary
{
    public required string Id { get; init; }

    public string ParentId { get; init; } = "";

    public required IReadOnlyList<string> RepoTags { get; init; }

    public required IReadOnlyList<string> RepoDigests { get; init; }

    public long Created { get; init; }

    public long Size { get; init; }

    public long SharedSize { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public int Containers { get; init; } = -1;

    public static ImageSummary From(Image image) => new()
    {
        Id = image.Id,
        RepoTags = [.. image.Tags.Where(tag => !tag.Contains('@', StringComparison.Ordinal))],
        RepoDigests = image.RepositoryDigests,
        Created = image.Created.ToUnixTimeSeconds(),
        Size = image.Size,
        SharedSize = image.SharedSize,
        Labels = image.Labels,
    };
}
