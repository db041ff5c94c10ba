using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ContainerTools.Engine.Registry;

/// <summary>
/// Answers the challenges of one registry: Basic, or tokens of a token server (distribution, "Token Authentication Specification" and "OAuth2 Token Authentication"), each kept for its scope
/// until it expires.
/// </summary>
/// <param name="host">The registry.</param>
/// <param name="credential">The login for it, asked for when it is first needed.</param>
/// <param name="send">Sends a request to a token server and reads the answer; failures that may pass are tried again by it.</param>
/// <param name="clock">For expiry.</param>
internal sealed class RegistryTokens(
    string host,
    Func<CancellationToken, ValueTask<RegistryCredential?>> credential,
    Func<Func<HttpRequestMessage>, CancellationToken, Task<HttpResponseMessage>> send,
    TimeProvider clock)
{
    private const string ClientId = "containertools";
    private static readonly TimeSpan UsualLife = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, (AuthenticationHeaderValue Header, DateTimeOffset Expires)> _known = new();
    private volatile AuthenticationHeaderValue? _basic;

    /// <summary>What to send along for a scope, as far as it is known without asking.</summary>
    public AuthenticationHeaderValue? Find(string scope) =>
        _basic ?? (_known.TryGetValue(scope, out var known) && known.Expires > clock.GetUtcNow() ? known.Header : null);

    /// <summary>Answers a challenge; null when there is no login that could. Throws <c>RegistryUnauthorized</c>, <c>TokenServerRefused</c>.</summary>
    public async Task<AuthenticationHeaderValue?> AnswerAsync(AuthenticationChallenge challenge, string scope, bool allowPlain, CancellationToken cancellationToken)
    {
        _known.TryRemove(scope, out _);
        var login = await credential(cancellationToken).ConfigureAwait(false);
        if (!challenge.IsBearer)
        {
            return _basic = login is { IsIdentityToken: false } ? Basic(login) : null;
        }

        if (challenge.Realm!.Scheme != Uri.UriSchemeHttps && !(allowPlain && challenge.Realm.Scheme == Uri.UriSchemeHttp))
        {
            throw new RegistryException(
                ErrorKind.PermissionDenied, "TokenServerUnencrypted", $"The registry {host} sends logins to {challenge.Realm}, which is not encrypted.", host,
                $"If you trust the network: Set-ContainerRegistry {host} -AllowUnencrypted.");
        }

        var (token, life) = await FetchAsync(challenge, scope.Length > 0 ? scope : challenge.Scope ?? "", login, cancellationToken).ConfigureAwait(false);
        var header = new AuthenticationHeaderValue("Bearer", token);
        _known[scope] = (header, clock.GetUtcNow() + (life > Skew * 2 ? life - Skew : life / 2));
        return header;
    }

    private static AuthenticationHeaderValue Basic(RegistryCredential login) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.UserName}:{login.Secret}")));

    private async Task<(string Token, TimeSpan Life)> FetchAsync(AuthenticationChallenge challenge, string scope, RegistryCredential? login, CancellationToken cancellationToken)
    {
        using var response = await send(() => Request(challenge, scope, login), cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new RegistryException(
                ErrorKind.Unauthenticated,
                "RegistryUnauthorized",
                $"{challenge.Realm!.Host} gives no token for {host} to {(login is null ? "somebody without a login" : login.ToString())} (HTTP {(int)response.StatusCode}).",
                host,
                $"Log in with Connect-ContainerRegistry {host}; if you have, the password or token may have changed.")
            {
                StatusCode = (int)response.StatusCode,
                RetryAfter = RegistryErrors.RetryAfter(response),
            };
        }

        try
        {
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            var root = answer.RootElement;
            var token = Text(root, "token") ?? Text(root, "access_token");
            return token is null || token.Any(letter => letter is < '!' or > '~')
                ? throw new JsonException("it has no token")
                : (token, root.TryGetProperty("expires_in", out var life) && life.TryGetInt32(out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : UsualLife);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new RegistryException(
                ErrorKind.Unavailable, "TokenServerRefused", $"The token server {challenge.Realm!.Host} of {host} gives an answer that cannot be read: {error.Message}", host, "Try again later.", error);
        }

        static string? Text(JsonElement root, string name) =>
            root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
    }

    private static HttpRequestMessage Request(AuthenticationChallenge challenge, string scope, RegistryCredential? login)
    {
        if (login is { IsIdentityToken: true })
        {
            return new HttpRequestMessage(HttpMethod.Post, challenge.Realm)
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["grant_type"] = "refresh_token",
                    ["refresh_token"] = login.Secret,
                    ["service"] = challenge.Service ?? "",
                    ["scope"] = scope,
                    ["client_id"] = ClientId,
                }),
            };
        }

        var query = new StringBuilder(challenge.Realm!.Query.Length > 1 ? challenge.Realm.Query + "&" : "?");
        if (challenge.Service is { } service)
        {
            query.Append("service=").Append(Uri.EscapeDataString(service)).Append('&');
        }

        foreach (var one in scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            query.Append("scope=").Append(Uri.EscapeDataString(one)).Append('&');
        }

        query.Append("client_id=").Append(ClientId);
        var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(challenge.Realm) { Query = query.ToString() }.Uri);
        if (login is not null)
        {
            request.Headers.Authorization = Basic(login);
        }

        return request;
    }
}
