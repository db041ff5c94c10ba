namespace ContainerTools;

/// <summary>Which log entries to read.</summary>
public sealed record ContainerLogQuery
{
    /// <summary>Only the last n entries; null means all.</summary>
    public int? Tail { get; init; }

    /// <summary>Only entries at or after this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only entries before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only this stream; null means both.</summary>
    public ContainerLogStream? Stream { get; init; }

    /// <summary>Go on until the container ends.</summary>
    public bool Follow { get; init; }
}
