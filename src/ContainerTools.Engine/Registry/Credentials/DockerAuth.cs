using System.Text;
using System.Text.Json.Serialization;

namespace ContainerTools.Engine.Registry.Credentials;

/// <summary>One login in the file. An empty one is a mark that a helper has it.</summary>
internal sealed record DockerAuth
{
    /// <summary><c>user:password</c> in base64.</summary>
    [JsonPropertyName("auth")]
    public string? Auth { get; init; }

    /// <summary>User, where <see cref="Auth"/> is missing.</summary>
    [JsonPropertyName("username")]
    public string? UserName { get; init; }

    /// <summary>Password, where <see cref="Auth"/> is missing.</summary>
    [JsonPropertyName("password")]
    public string? Password { get; init; }

    /// <summary>OAuth2 refresh token, which goes before a password.</summary>
    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    /// <summary>Access token that is sent as it is.</summary>
    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; init; }

    /// <summary>True for a mark.</summary>
    [JsonIgnore]
    public bool IsEmpty => string.IsNullOrEmpty(Auth) && string.IsNullOrEmpty(UserName) && string.IsNullOrEmpty(IdentityToken) && string.IsNullOrEmpty(RegistryToken);

    /// <summary>The entry that keeps a login.</summary>
    public static DockerAuth Of(RegistryCredential credential) => new()
    {
        // podman takes no token from an entry without a user.
        Auth = Convert.ToBase64String(Encoding.UTF8.GetBytes(credential.IsIdentityToken ? $"{(credential.UserName.Length > 0 ? credential.UserName : CredentialHelper.TokenUser)}:" : $"{credential.UserName}:{credential.Secret}")),
        IdentityToken = credential.IsIdentityToken ? credential.Secret : null,
    };

    /// <summary>User and password; null when <see cref="Auth"/> is not of that form.</summary>
    public (string UserName, string Password)? Decode()
    {
        if (string.IsNullOrEmpty(Auth))
        {
            return (UserName ?? "", Password ?? "");
        }

        var bytes = new byte[Auth.Length];
        return Convert.TryFromBase64String(Auth, bytes, out var length) && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var user, var password] ? (user, password.Trim('\0')) : null;
    }

    public override string ToString() => nameof(DockerAuth);
}
