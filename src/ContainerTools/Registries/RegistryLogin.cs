namespace ContainerTools;

/// <summary>A login to a registry, without its secret.</summary>
public sealed record RegistryLogin
{
    /// <summary>Host, with port if any, as image names have it.</summary>
    public required string Registry { get; init; }

    /// <summary>Who is logged in; null when the registry knows by a token alone, or the store of the login does not say.</summary>
    public string? UserName { get; init; }

    /// <summary>Where the login is kept: the path of a file, the name of a credential helper (<c>docker-credential-pass</c>), or <c>vault NAME</c>.</summary>
    public required string CredentialStore { get; init; }

    /// <summary>The registry, which binds back.</summary>
    public override string ToString() => Registry;
}
