namespace ContainerTools;

/// <summary>A host path seen inside a container.</summary>
public sealed record ContainerMount
{
    /// <summary>Absolute path on the host.</summary>
    public required string Source { get; init; }

    /// <summary>Absolute path inside.</summary>
    public required string Destination { get; init; }

    /// <summary>True when the container may not write.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Mount propagation: <c>private</c>, <c>rprivate</c>, <c>slave</c>, <c>rslave</c>, <c>shared</c>, <c>rshared</c>.</summary>
    public string Propagation { get; init; } = "rprivate";

    /// <summary>The form that <c>-Volume</c> takes.</summary>
    public override string ToString() => ReadOnly ? $"{Source}:{Destination}:ro" : $"{Source}:{Destination}";
}
