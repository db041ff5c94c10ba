namespace ContainerTools.Api.Information;

/// <summary>The answer to <c>GET /version</c>.</summary>
internal sealed record VersionResponse
{
    public required string Version { get; init; }

    public string ApiVersion { get; init; } = ApiVersions.Newest;

    public string MinAPIVersion { get; init; } = ApiVersions.Oldest;

    public string Os { get; init; } = "linux";

    public required string Arch { get; init; }

    public required string KernelVersion { get; init; }

    public required VersionPlatform Platform { get; init; }

    public static VersionResponse From(EngineInfo info) => new()
    {
        Version = info.Version,
        Arch = info.Architecture,
        KernelVersion = info.KernelVersion,
        Platform = new VersionPlatform("ContainerTools"),
    };
}
