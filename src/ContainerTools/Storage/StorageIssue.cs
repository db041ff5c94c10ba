namespace ContainerTools;

/// <summary>One thing in a store that is not as it should be.</summary>
public sealed record StorageIssue
{
    /// <summary>Whether something does not work because of it.</summary>
    public required StorageSeverity Severity { get; init; }

    /// <summary>
    /// What sort of thing: <c>Catalog</c>, <c>Layer</c>, <c>Blob</c>, <c>Manifest</c>, <c>Container</c>, <c>Mount</c>, <c>Process</c>, <c>Cgroup</c>, <c>Network</c>, <c>Lease</c>,
    /// <c>Partial</c>, <c>CacheMount</c>, <c>File</c>.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>The thing: a path, a digest, an id or a name.</summary>
    public required string Target { get; init; }

    /// <summary>What is wrong with it; why it could not be mended, if that was tried.</summary>
    public required string Reason { get; init; }

    /// <summary>Bytes that mending frees.</summary>
    public long Size { get; init; }

    /// <summary>True when <c>Repair-ContainerStorage</c> mends it; false when only -Force does, which loses something, or nothing.</summary>
    public bool Repairable { get; init; }

    /// <summary>True when it was mended.</summary>
    public bool Repaired { get; init; }

    /// <summary>What else to do about it.</summary>
    public string? RecommendedAction { get; init; }
}
