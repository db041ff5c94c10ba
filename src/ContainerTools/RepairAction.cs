namespace ContainerTools;

/// <summary>One thing that <see cref="IContainerEngine.Repair"/> or <see cref="INetworkOperations.Repair"/> found.</summary>
public sealed record RepairAction
{
    /// <summary>What sort of thing: <c>Mount</c>, <c>Cgroup</c>, <c>File</c>, <c>Container</c>, <c>Layer</c>, <c>Blob</c>, <c>Process</c>, <c>Network</c>, <c>Bridge</c>, <c>Link</c>, <c>Rules</c>, <c>Setting</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The thing: a path, a name or an id.</summary>
    public required string Target { get; init; }

    /// <summary>Why it is a left-over.</summary>
    public required string Reason { get; init; }

    /// <summary>Bytes that go with it.</summary>
    public long Size { get; init; }

    /// <summary>True when it was removed.</summary>
    public bool Repaired { get; init; }
}
