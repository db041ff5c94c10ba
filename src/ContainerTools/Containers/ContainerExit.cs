namespace ContainerTools;

/// <summary>How a run of a container ended.</summary>
public sealed record ContainerExit
{
    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary>The container's name.</summary>
    public required string Name { get; init; }

    /// <summary>Exit code; 128 + n after signal n.</summary>
    public int ExitCode { get; init; }

    /// <summary>True when the kernel killed it for lack of memory.</summary>
    public bool OomKilled { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? Finished { get; init; }
}
