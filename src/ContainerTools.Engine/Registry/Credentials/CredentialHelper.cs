using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ContainerTools.Engine.Registry.Credentials;

/// <summary>
/// A program <c>docker-credential-NAME</c> that keeps logins: it is called with a verb, reads standard input and answers on standard output
/// (github.com/docker/docker-credential-helpers). Secrets never stand among its arguments, nor in an error.
/// </summary>
/// <param name="name">What the configuration calls it.</param>
/// <param name="source">The configuration file that names it.</param>
/// <param name="searchPath">Directories of programs, with colons between.</param>
/// <param name="timeout">How long one call may take; null means a minute, in which a person can be asked for the passphrase of a key.</param>
internal sealed class CredentialHelper(string name, string source, string searchPath, TimeSpan? timeout = null)
{
    /// <summary>The user that stands for an OAuth2 refresh token.</summary>
    public const string TokenUser = "<token>";

    private const int LongestMessage = 300;
    private static readonly string[] NoLogin = ["credentials not found in native keychain", "no credentials server URL", "no credentials username"];
    private readonly TimeSpan _timeout = timeout ?? TimeSpan.FromMinutes(1);

    /// <summary>The program's name.</summary>
    public string Program => "docker-credential-" + name;

    /// <summary>The login that it keeps under a key; null when there is none.</summary>
    public async Task<RegistryCredential?> GetAsync(string key, CancellationToken cancellationToken) => await CallAsync("get", key, null, cancellationToken).ConfigureAwait(false) switch
    {
        null => null,
        var answer => Parse("get", () => JsonSerializer.Deserialize(answer, CredentialJson.Default.HelperCredential)) is { UserName: { } user, Secret: { } secret }
            ? user == TokenUser ? new RegistryCredential("", secret, IsIdentityToken: true) : new RegistryCredential(user, secret)
            : throw Failed("get", "its answer has no user or no secret"),
    };

    /// <summary>Keeps a login under a key.</summary>
    public Task StoreAsync(string key, RegistryCredential credential, CancellationToken cancellationToken)
    {
        var login = new HelperCredential { ServerUrl = key, UserName = credential.IsIdentityToken ? TokenUser : credential.UserName, Secret = credential.Secret };
        return CallAsync("store", JsonSerializer.Serialize(login, CredentialJson.Default.HelperCredential), credential.Secret, cancellationToken);
    }

    /// <summary>Forgets what it keeps under a key; false when it says that there is nothing.</summary>
    public async Task<bool> EraseAsync(string key, CancellationToken cancellationToken) => await CallAsync("erase", key, null, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>Users by key.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken) => await CallAsync("list", "", null, cancellationToken).ConfigureAwait(false) switch
    {
        null or "" => new Dictionary<string, string>(),
        var answer => Parse("list", () => JsonSerializer.Deserialize(answer, CredentialJson.Default.DictionaryStringString)) ?? [],
    };

    /// <summary>The answer; null when the helper says that it keeps no such login.</summary>
    private async Task<string?> CallAsync(string verb, string input, string? secret, CancellationToken cancellationToken)
    {
        using var process = Start(verb);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await WriteAsync(process, input, limit.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            var answer = (await output.ConfigureAwait(false)).Trim();
            if (process.ExitCode == 0)
            {
                return answer;
            }

            // The reference client takes the message from standard output; some helpers write it to standard error.
            var message = answer.Length > 0 ? answer : (await errors.ConfigureAwait(false)).Trim();
            return NoLogin.Contains(message, StringComparer.OrdinalIgnoreCase) ? null : throw Failed(verb, $"it ended with exit code {process.ExitCode}{Show(message, secret)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(verb, $"it gave no answer in {_timeout.TotalSeconds:0.#} s", ErrorKind.Timeout);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all: its exit code says why.
        }
    }

    private Process Start(string verb)
    {
        var path = name.Contains('/', StringComparison.Ordinal)
            ? throw Failed(verb, "its name has a slash")
            : searchPath.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(directory => Path.Combine(directory, Program)).FirstOrDefault(File.Exists)
                ?? throw Failed(verb, "it is not in PATH");
        var start = new ProcessStartInfo(path, [verb])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            Environment = { ["PATH"] = searchPath },
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw Failed(verb, $"it cannot be started: {error.Message}");
        }
    }

    private T Parse<T>(string verb, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (JsonException)
        {
            // Neither the answer nor what the parser says of it is shown: it may be a secret.
            throw Failed(verb, "its answer is not JSON of the expected form");
        }
    }

    private static string Show(string message, string? secret)
    {
        // A helper may repeat what it was told.
        if (message.Length == 0 || (secret is { Length: > 0 } && message.Contains(secret, StringComparison.Ordinal)))
        {
            return "";
        }

        var text = new string([.. message.Select(letter => char.IsControl(letter) ? ' ' : letter)]);
        return ": " + (text.Length > LongestMessage ? text[..LongestMessage] + "…" : text);
    }

    private ContainerToolsException Failed(string verb, string what, ErrorKind kind = ErrorKind.Unavailable) => new(
        kind, "CredentialHelperFailed", $"The credential helper {Program}, which {source} names, failed to {verb}: {what}.", Program,
        $"Try it by hand, install it, or remove it from 'credsStore' and 'credHelpers' of {source}.");
}
