namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>Execution domain of a process.</summary>
public sealed record Personality
{
    /// <summary><c>LINUX</c> or <c>LINUX32</c>.</summary>
    public required string Domain { get; init; }
}
