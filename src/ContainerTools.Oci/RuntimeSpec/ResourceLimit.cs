namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>One setrlimit(2) limit.</summary>
public sealed record ResourceLimit
{
    /// <summary>Name such as <c>RLIMIT_NOFILE</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Hard limit.</summary>
    public ulong Hard { get; init; }

    /// <summary>Soft limit.</summary>
    public ulong Soft { get; init; }
}
