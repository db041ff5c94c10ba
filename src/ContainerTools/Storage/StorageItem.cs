namespace ContainerTools;

/// <summary>One thing that takes space in a store. All items together are the whole of it; what several use is one item.</summary>
public sealed record StorageItem
{
    /// <summary>What it is.</summary>
    public required StorageKind Kind { get; init; }

    /// <summary>A name for people: of a container, of a cache mount; the short digest of a layer or blob.</summary>
    public required string Name { get; init; }

    /// <summary>Digest or id.</summary>
    public required string Id { get; init; }

    /// <summary>Bytes in allocated blocks.</summary>
    public long Size { get; init; }

    /// <summary><see cref="Size"/>, unless several use it.</summary>
    public long UniqueSize { get; init; }

    /// <summary><see cref="Size"/>, if several use it.</summary>
    public long SharedSize { get; init; }

    /// <summary>Bytes that <c>Clear-ContainerStorage -Scope</c> with this kind would free of it.</summary>
    public long Reclaimable { get; init; }

    /// <summary>True while a container or an operation in flight needs it.</summary>
    public bool InUse { get; init; }

    /// <summary>Names of what keeps it: images of a layer, the container of a log.</summary>
    public IReadOnlyList<string> UsedBy { get; init => field = value.ToArray(); } = [];

    /// <summary>When it came into the store, as far as that is known.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last of use, as far as that is known.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>Where it lies.</summary>
    public required string Path { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
