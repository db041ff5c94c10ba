using System.Net;

namespace ContainerTools;

/// <summary>A login that is tried and, if the registry accepts it, kept.</summary>
public sealed record RegistryLoginRequest
{
    /// <summary>Host, with port if any, as image names have it.</summary>
    public required string Registry { get; init; }

    /// <summary>User and password, or access token; the user <c>&lt;token&gt;</c> means that the password is an OAuth2 refresh token.</summary>
    public required NetworkCredential Credential { get; init; }

    /// <summary>PowerShell vault that keeps the login, see <see cref="ISecretVaults"/>; null means the user's configuration file, or the credential helper that it names.</summary>
    public string? Vault { get; init; }

    /// <summary>The registry alone: the rest is a secret.</summary>
    public override string ToString() => Registry;
}
