namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>One mount of a container.</summary>
public sealed record RuntimeMount
{
    /// <summary>Where, absolute inside the container.</summary>
    public required string Destination { get; init; }

    /// <summary>File system type; null or <c>bind</c> with a bind option.</summary>
    public string? Type { get; init; }

    /// <summary>What is mounted; relative paths are relative to the bundle.</summary>
    public string? Source { get; init; }

    /// <summary>Options of mount(8).</summary>
    public IReadOnlyList<string> Options { get; init => field = value ?? []; } = [];

    /// <summary>User id mappings of an id-mapped mount; not supported.</summary>
    public IReadOnlyList<IdMapping> UidMappings { get; init => field = value ?? []; } = [];

    /// <summary>Group id mappings of an id-mapped mount; not supported.</summary>
    public IReadOnlyList<IdMapping> GidMappings { get; init => field = value ?? []; } = [];
}
