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
        RepoTags = image.Tags,
        RepoDigests = [.. image.Tags.Select(tag => $"{Repository(tag)}@{image.Digest}").Distinct()],
        Created = image.Created.ToUnixTimeSeconds(),
        Size = image.Size,
        SharedSize = image.SharedSize,
        Labels = image.Labels,
    };

    private static string Repository(string tag)
    {
        // The colon of a tag comes after the last slash; an earlier one belongs to the registry's port.
        var colon = tag.LastIndexOf(':');
        return colon > tag.LastIndexOf('/') ? tag[..colon] : tag;
    }
}
