namespace ContainerTools;

/// <summary>Where the standard streams of a foreground process go. The engine disposes none of them.</summary>
public sealed record ContainerStreams
{
    /// <summary>Read for standard input; null gives the process an empty one.</summary>
    public Stream? Stdin { get; init; }

    /// <summary>Receives standard output, in order; null discards it.</summary>
    public Stream? Stdout { get; init; }

    /// <summary>Receives standard error, in order; null discards it.</summary>
    public Stream? Stderr { get; init; }
}
