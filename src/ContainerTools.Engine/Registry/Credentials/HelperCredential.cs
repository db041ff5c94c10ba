using System.Text.Json.Serialization;

namespace ContainerTools.Engine.Registry.Credentials;

/// <summary>A login as credential helpers speak of it (github.com/docker/docker-credential-helpers).</summary>
internal sealed record HelperCredential
{
    /// <summary>The registry's key.</summary>
    [JsonPropertyName("ServerURL")]
    public string? ServerUrl { get; init; }

    /// <summary>User, or <see cref="CredentialHelper.TokenUser"/>.</summary>
    [JsonPropertyName("Username")]
    public string? UserName { get; init; }

    /// <summary>Password or token.</summary>
    [JsonPropertyName("Secret")]
    public string? Secret { get; init; }

    public override string ToString() => nameof(HelperCredential);
}
