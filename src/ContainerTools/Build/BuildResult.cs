namespace ContainerTools;

/// <summary>What a build made.</summary>
public sealed record BuildResult
{
    /// <summary>The image.</summary>
    public required Image Image { get; init; }

    /// <summary>Every step, in Dockerfile order.</summary>
    public required IReadOnlyList<BuildStep> Steps { get; init => field = value.ToArray(); }

    /// <summary>Wall time of the build.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Steps answered from the cache.</summary>
    public int CacheHits { get; init; }

    /// <summary>The image's name, so that a result binds where an image does.</summary>
    public string Name => Image.Name;

    /// <summary>The image's name.</summary>
    public override string ToString() => Image.Name;
}
