namespace ContainerTools;

/// <summary>Input of <see cref="IImageOperations.ExportAsync"/>.</summary>
public sealed record ImageExportRequest
{
    /// <summary>Names or ids of the images to write.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>Absolute path of the file or directory to make; null when <see cref="Output"/> is given.</summary>
    public string? Path { get; init; }

    /// <summary>Takes the archive's bytes in place of a file. An OCI layout, which is a directory, has none.</summary>
    public Stream? Output { get; init; }

    /// <summary>Platforms of an index to write, <c>os/architecture[/variant]</c>; empty writes the index with all its images, or if they are not all here this host's image.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = [];

    /// <summary>Format to write.</summary>
    public ImageArchiveFormat Format { get; init; } = ImageArchiveFormat.DockerArchive;

    /// <summary>Replace an existing file.</summary>
    public bool Force { get; init; }
}
