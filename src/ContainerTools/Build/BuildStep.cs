namespace ContainerTools;

/// <summary>One executed instruction of a build.</summary>
public sealed record BuildStep
{
    /// <summary>Stage name, or its index.</summary>
    public required string Stage { get; init; }

    /// <summary>Line of the instruction in the Dockerfile, from 1.</summary>
    public int Line { get; init; }

    /// <summary>The instruction as written, on one line.</summary>
    public required string Instruction { get; init; }

    /// <summary>True when the result came from the cache.</summary>
    public bool Cached { get; init; }

    /// <summary>Wall time of the step.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Diff id of the layer made, or null.</summary>
    public string? Layer { get; init; }

    /// <summary>Unpacked bytes of the layer made.</summary>
    public long Size { get; init; }
}
