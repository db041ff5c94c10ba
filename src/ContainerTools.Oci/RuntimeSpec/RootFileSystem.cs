namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>The root directory of a container.</summary>
public sealed record RootFileSystem
{
    /// <summary>Directory, absolute or relative to the bundle.</summary>
    public required string Path { get; init; }

    /// <summary>Mount it read-only.</summary>
    public bool Readonly { get; init; }
}
