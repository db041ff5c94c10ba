namespace ContainerTools;

/// <summary>One thing that was cleared away, or would be.</summary>
public sealed record ReclaimResult
{
    /// <summary>What it is.</summary>
    public required StorageKind Kind { get; init; }

    /// <summary>A name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Digest or id.</summary>
    public required string Id { get; init; }

    /// <summary>Bytes in allocated blocks that go with it, after those of the results before.</summary>
    public long Size { get; init; }

    /// <summary>Why it may go; why it could not, if it stayed.</summary>
    public required string Reason { get; init; }

    /// <summary>True when it is gone.</summary>
    public bool Removed { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
