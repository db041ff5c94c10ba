namespace ContainerTools;

/// <summary>One ability of this host that the engine needs or can use.</summary>
public sealed record HostCheck
{
    /// <summary>Short name: <c>Overlay</c>, <c>CgroupMemory</c>, <c>Seccomp</c>.</summary>
    public required string Name { get; init; }

    /// <summary>True when the ability is there.</summary>
    public bool Passed { get; init; }

    /// <summary>True when the engine cannot work without it.</summary>
    public bool Required { get; init; }

    /// <summary>What was found.</summary>
    public required string Detail { get; init; }

    /// <summary>What to do when it is missing.</summary>
    public string? RecommendedAction { get; init; }
}
