namespace ContainerTools;

/// <summary>Input of <see cref="IImageOperations.ImportAsync"/>.</summary>
public sealed record ImageImportRequest
{
    /// <summary>Absolute path of an archive file (plain, gzip or zstd) or OCI layout directory; null when <see cref="Content"/> is given.</summary>
    public string? Path { get; init; }

    /// <summary>The archive's bytes, when they do not come from a file.</summary>
    public Stream? Content { get; init; }

    /// <summary>True when the input is the tar of a root file system rather than an image archive.</summary>
    public bool RootFilesystem { get; init; }

    /// <summary>Platforms to take of an index, <c>os/architecture[/variant]</c>; empty means this host's.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = [];

    /// <summary>All platforms of an index that the archive holds.</summary>
    public bool AllPlatforms { get; init; }

    /// <summary>Tags to give the image; replaces the archive's own names when any is given.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Dockerfile instructions (CMD, ENV, ENTRYPOINT, EXPOSE, LABEL, USER, VOLUME, WORKDIR, …) applied to a root file system image.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>History comment of a root file system image.</summary>
    public string? Message { get; init; }

    /// <summary>Most bytes that all layers may unpack to; null means the engine's default of 64 GiB.</summary>
    public long? MaximumSize { get; init; }
}
