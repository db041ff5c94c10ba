using System.Diagnostics;
using System.Net;
using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Registry.Credentials;
using ContainerTools.Engine.Registry.Settings;
using ContainerTools.Engine.Tests.Storage;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>A user with files, helpers and a store of his own, and registries that accept what <see cref="FakeLogin"/> does.</summary>
public sealed class LoginFixture : IDisposable
{
    private readonly TestStore _store = new();

    public LoginFixture()
    {
        Directory.CreateDirectory(PathOf("bin"));
        Logins = new RegistryCredentialStore(() => Locations, new VaultBindings(_store.Catalog));
        Registries = new RegistryOperations(new RegistrySettingsStore(_store.Catalog, new HostCertificates("/nowhere")), Logins, new FakeLogin());
    }

    public IRegistryOperations Registries { get; }

    /// <summary>Docker's file.</summary>
    public string Config => PathOf("docker/config.json");

    /// <summary>podman's file.</summary>
    public string AuthFile => PathOf("containers/auth.json");

    internal RegistryCredentialStore Logins { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private CredentialLocations Locations => new() { Files = [Config, AuthFile], SearchPath = $"{PathOf("bin")}:/usr/bin:/bin" };

    public string PathOf(string name) => _store.PathOf(name);

    /// <summary>Writes a configuration file; apostrophes stand for quotation marks.</summary>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text.Replace('\'', '"'));
    }

    /// <summary>Writes a helper: a shell script that finds the verb in $1.</summary>
    public void Helper(string name, string script)
    {
        var path = PathOf($"bin/docker-credential-{name}");
        File.WriteAllText(path, "#!/bin/sh\n" + script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Writes a helper that keeps each login in a file, and writes down how it was called.</summary>
    public void KeepingHelper(string name) => Helper(name, $$"""
        dir={{PathOf("kept-" + name)}}; mkdir -p $dir
        echo "$# $*" >> $dir.calls; tr '\0' ' ' < /proc/$$/cmdline >> $dir.calls
        input=$(cat)
        file() { echo "$dir/$(echo "$1" | tr '/:' '__')"; }
        case $1 in
        store) url=$(echo "$input" | sed 's/.*"ServerURL":"\([^"]*\)".*/\1/'); echo "$input" > "$(file "$url")" ;;
        get) cat "$(file "$input")" 2> /dev/null || { echo credentials not found in native keychain; exit 1; } ;;
        erase) rm -f "$(file "$input")" ;;
        list) sep='{'; for f in $dir/*; do [ -e "$f" ] && sed "s/.*\"ServerURL\":\"\([^\"]*\)\",\"Username\":\"\([^\"]*\)\".*/$sep\"\1\":\"\2\"/" "$f"; sep=','; done; [ $sep = , ] && [ -n "$(ls $dir)" ] && echo '}' || echo '{}' ;;
        esac
        """);

    public Task<RegistryLogin> ConnectAsync(string registry, string user = "me", string secret = "s3cret", string? vault = null) =>
        Registries.ConnectAsync(new RegistryLoginRequest { Registry = registry, Credential = new NetworkCredential(user, secret), Vault = vault }, Token);

    /// <summary>User and secret as the client gets them, with a space between; a token has no user. Null when there are none.</summary>
    public async Task<string?> FindAsync(string registry) => await Logins.FindAsync(registry, Token) is { } login ? $"{login.UserName}{(login.IsIdentityToken ? "token" : "")} {login.Secret}" : null;

    /// <summary>Registry, user and place of all logins.</summary>
    public async Task<IReadOnlyList<string>> ListAsync() =>
        [.. (await Registries.ListAsync(Token)).Where(registry => registry.CredentialStore is not null).Select(registry => $"{registry.Name} {registry.UserName} {Path.GetFileName(registry.CredentialStore)}")];

    /// <summary>Runs a program with an input; gives its output, both streams together.</summary>
    public static (int Code, string Output) Run(string program, string input, params string[] arguments)
    {
        // In mounts of its own: podman mounts its storage, even to log in.
        using var process = Process.Start(new ProcessStartInfo("unshare", ["-m", "--propagation", "private", program, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(Token);
        var output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, output.Trim());
    }

    public void Dispose() => _store.Dispose();
}
