namespace ContainerTools;

/// <summary>A tag of a repository in a registry.</summary>
public sealed record RegistryTag
{
    /// <summary>The whole name in familiar form; binds to <c>Receive-Image -Name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Registry and repository in familiar form.</summary>
    public required string Repository { get; init; }

    /// <summary>The tag.</summary>
    public required string Tag { get; init; }

    /// <summary>The name that binds back.</summary>
    public override string ToString() => Name;
}
