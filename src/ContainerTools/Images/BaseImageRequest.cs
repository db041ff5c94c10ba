namespace ContainerTools;

/// <summary>Input of <see cref="IImageOperations.NewBaseAsync"/>: a base image made from executables of this host.</summary>
public sealed record BaseImageRequest
{
    /// <summary>Tag of the image.</summary>
    public required string Name { get; init; }

    /// <summary>Executables: bare names looked up in PATH, or absolute paths. Each comes with its loader and all libraries it needs.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>Environment of the image, <c>NAME=value</c>; PATH is set when absent.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Labels of the image.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Move the tag if it names another image.</summary>
    public bool Force { get; init; }
}
