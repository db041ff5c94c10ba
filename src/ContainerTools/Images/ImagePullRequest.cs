namespace ContainerTools;

/// <summary>Input of <see cref="IImageOperations.PullAsync"/>.</summary>
public sealed record ImagePullRequest
{
    /// <summary>What to pull: <c>[registry/]repository[:tag|@sha256:digest]</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Platforms to take of an index: <c>linux/arm64/v8</c>; empty means this host's.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = [];

    /// <summary>All platforms of an index.</summary>
    public bool AllPlatforms { get; init; }

    /// <summary>How transfers are made.</summary>
    public TransferOptions Transfer { get; init; } = new();

    /// <summary>Most bytes that all layers may unpack to; null means the engine's default of 64 GiB.</summary>
    public long? MaximumSize { get; init; }
}
