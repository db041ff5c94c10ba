namespace ContainerTools.Oci;

/// <summary>One image of a docker-archive's <c>manifest.json</c> (Docker image spec 1.2, "Combined Image JSON + Filesystem Changeset Format").</summary>
public sealed record DockerArchiveItem
{
    /// <summary>Path of the configuration in the archive.</summary>
    public required string Config { get; init; }

    /// <summary>Tags, <c>name:tag</c>.</summary>
    public IReadOnlyList<string>? RepoTags { get; init; }

    /// <summary>Paths of the layers in the archive, base first.</summary>
    public required IReadOnlyList<string> Layers { get; init; }
}
