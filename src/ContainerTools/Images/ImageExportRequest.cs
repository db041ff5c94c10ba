namespace ContainerTools;

/// <summary>Input of <see cref="IImageOperations.ExportAsync"/>.</summary>
public sealed record ImageExportRequest
{
    /// <summary>Names or ids of the images to write.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>Absolute path of the file or directory to make.</summary>
    public required string Path { get; init; }

    /// <summary>Format to write.</summary>
    public ImageArchiveFormat Format { get; init; } = ImageArchiveFormat.DockerArchive;

    /// <summary>Replace an existing file.</summary>
    public bool Force { get; init; }
}
