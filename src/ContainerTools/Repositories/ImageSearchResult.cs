namespace ContainerTools;

/// <summary>A repository that a search found.</summary>
public sealed record ImageSearchResult
{
    /// <summary>Registry and repository in familiar form; binds to <c>Receive-Image -Name</c> and <c>Get-RegistryTag -Repository</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What its owner says; empty where the registry does not tell.</summary>
    public string Description { get; init; } = "";

    /// <summary>Stars that users gave it; 0 where there are none.</summary>
    public int Stars { get; init; }

    /// <summary>True for an official image of Docker Hub.</summary>
    public bool Official { get; init; }

    /// <summary>The name that binds back.</summary>
    public override string ToString() => Name;
}
