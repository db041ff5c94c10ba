namespace ContainerTools.Engine.Registry.Credentials;

/// <summary>Where logins of this user lie.</summary>
internal sealed record CredentialLocations
{
    /// <summary>Files, in the order in which they are asked; new logins go to the first.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Directories of programs, with colons between.</summary>
    public required string SearchPath { get; init; }

    /// <summary>
    /// As the environment has it: <c>$REGISTRY_AUTH_FILE</c> if the user has named one, then Docker's file (<c>$DOCKER_CONFIG/config.json</c>, else <c>~/.docker/config.json</c>), then podman's
    /// (<c>$XDG_RUNTIME_DIR/containers/auth.json</c>, else <c>/run/containers/0/auth.json</c>, containers-auth.json(5)).
    /// </summary>
    public static CredentialLocations FromEnvironment() => new()
    {
        Files =
        [
            .. Variable("REGISTRY_AUTH_FILE") is { } file ? [Path.GetFullPath(file)] : Array.Empty<string>(),
            Path.GetFullPath(Path.Combine(Variable("DOCKER_CONFIG") ?? Path.Combine(Variable("HOME") ?? "/root", ".docker"), "config.json")),
            Path.Combine(Variable("XDG_RUNTIME_DIR") ?? "/run", "containers", Variable("XDG_RUNTIME_DIR") is null ? "0/auth.json" : "auth.json"),
        ],
        SearchPath = Variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin",
    };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
