using System.Text.Json.Serialization;

namespace ContainerTools.Engine.Registry.Credentials;

/// <summary>What concerns logins of a Docker configuration file, or of podman's <c>auth.json</c>, which has the same form.</summary>
internal sealed record DockerConfig
{
    /// <summary>Logins by key.</summary>
    [JsonPropertyName("auths")]
    public IReadOnlyDictionary<string, DockerAuth?>? Auths { get; init; }

    /// <summary>Helper of all registries that have none of their own.</summary>
    [JsonPropertyName("credsStore")]
    public string? CredentialStore { get; init; }

    /// <summary>Helpers by key.</summary>
    [JsonPropertyName("credHelpers")]
    public IReadOnlyDictionary<string, string?>? CredentialHelpers { get; init; }

    /// <summary>The helper that keeps a registry's login; null when the file itself does.</summary>
    public string? HelperOf(string registry)
    {
        var own = CredentialHelpers?.Where(pair => RegistryNames.FromKey(pair.Key) == registry).Select(pair => pair.Value ?? "").FirstOrDefault();
        return (own ?? CredentialStore) is { Length: > 0 } helper ? helper : null;
    }

    /// <summary>The entry of a registry, the one with Docker's key before others that mean the same.</summary>
    public (string Key, DockerAuth Auth)? Find(string registry) => (Auths ?? new Dictionary<string, DockerAuth?>())
        .Where(pair => pair.Value is { IsEmpty: false } && RegistryNames.FromKey(pair.Key) == registry)
        .OrderByDescending(pair => pair.Key == RegistryNames.KeysOf(registry)[0])
        .Select(pair => ((string, DockerAuth)?)(pair.Key, pair.Value!))
        .FirstOrDefault();
}
