using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;

namespace ContainerTools.Engine.Registry;

/// <summary>Answers of registries, and the lack of one, as the engine's errors.</summary>
internal static class RegistryErrors
{
    /// <summary>The most that is read of what a registry says of an error.</summary>
    public const int LargestBody = 64 * 1024;

    private const int LongestMessage = 300;

    /// <summary>The error for an answer that is not what was asked for.</summary>
    public static async Task<RegistryException> FromResponseAsync(HttpResponseMessage response, string subject, string host, CancellationToken cancellationToken)
    {
        var detail = await ReadMessageAsync(response, cancellationToken).ConfigureAwait(false);
        var status = (int)response.StatusCode;
        var (kind, code, what, action) = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => (
                ErrorKind.Unauthenticated, "RegistryUnauthorized", "does not know who asks, or refuses them", $"Log in with Connect-ContainerRegistry {host}, and check that the name is right: a private repository looks like one that is not there."),
            HttpStatusCode.Forbidden => (ErrorKind.PermissionDenied, "RegistryDenied", "denies access", $"Check that the account of {host} may do this (Get-ContainerRegistry shows which one is used)."),
            HttpStatusCode.NotFound => (ErrorKind.NotFound, "RemoteImageNotFound", "does not have it", $"Check name and tag (Get-RegistryTag lists tags). If the repository is private, log in with Connect-ContainerRegistry {host}."),
            HttpStatusCode.TooManyRequests => (ErrorKind.ResourceExhausted, "RegistryRateLimited", "refuses more requests for now", $"Wait{(RetryAfter(response) is { } wait ? $" {wait.TotalSeconds:0} s" : "")}, log in for a higher limit, or set a mirror with Set-ContainerRegistry -Mirror."),
            HttpStatusCode.RequestEntityTooLarge => (ErrorKind.ResourceExhausted, "RegistryRefusesSize", "takes no content of this size", (string?)"Ask whoever runs the registry for a higher limit."),
            HttpStatusCode.MethodNotAllowed => (ErrorKind.NotSupported, "RegistryNotSupported", "does not allow this operation", (string?)"The registry may be read-only, or have deletion turned off."),
            >= HttpStatusCode.InternalServerError => (ErrorKind.Unavailable, "RegistryUnavailable", "fails", "Try again later."),
            _ => (ErrorKind.Internal, "RegistryUnexpectedAnswer", "gives an answer that was not expected", null),
        };
        return new RegistryException(kind, code, $"{subject}: the registry {host} {what} (HTTP {status}{(detail.Length > 0 ? ": " + detail : "")}).", subject, action)
        {
            StatusCode = status,
            RetryAfter = RetryAfter(response),
        };
    }

    /// <summary>The error for a request that got no answer.</summary>
    public static RegistryException FromFailure(Exception error, string subject, string host)
    {
        var innermost = error;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        return error switch
        {
            RegistryException known => known,
            _ when Has<AuthenticationException>(error) => new RegistryException(
                ErrorKind.Unavailable, "RegistryCertificateRejected", $"{subject}: the certificate of {host} is not trusted: {innermost.Message}", subject,
                $"Give the certificate of its authority: Set-ContainerRegistry {host} -CertificatePath FILE; or, on a network that you trust, -SkipCertificateCheck.", error),
            OperationCanceledException or TimeoutException => new RegistryException(
                ErrorKind.Timeout, "RegistryTimeout", $"{subject}: the registry {host} did not answer in time.", subject, "Check the network, and try again.", error),
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new RegistryException(
                ErrorKind.ResourceExhausted, "DocumentTooLarge", $"{subject}: the registry {host} sends more than is read: {innermost.Message}", subject, "Tell whoever runs the registry.", error),
            _ when Has<SocketException>(error) || error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError } => new RegistryException(
                ErrorKind.Unavailable, "RegistryUnreachable", $"{subject}: the registry {host} cannot be reached: {innermost.Message}", subject,
                "Check the name, the network and the proxy (Get-ContainerEngine).", error),
            _ => new RegistryException(
                ErrorKind.Unavailable, "RegistryConnectionBroken", $"{subject}: the connection to {host} broke: {innermost.Message}", subject, "Try again: what has been downloaded is kept.", error),
        };
    }

    /// <summary>How long the registry asks to wait (RFC 9110, section 10.2.3).</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>What the errors object of the distribution specification says, shortened, without control characters: it is shown to people, and the registry is not trusted.</summary>
    private static async Task<string> ReadMessageAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            var messages = json.RootElement.GetProperty("errors").EnumerateArray().Take(3).Select(error =>
                (error.TryGetProperty("code", out var code) ? code.ToString() : "") + (error.TryGetProperty("message", out var message) ? " " + message : ""));
            var text = new string([.. string.Join("; ", messages).Select(letter => char.IsControl(letter) ? ' ' : letter)]).Trim();
            return text.Length > LongestMessage ? text[..LongestMessage] + "…" : text;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return "";
        }
    }

    private static bool Has<T>(Exception error)
        where T : Exception => error is T || (error.InnerException is { } inner && Has<T>(inner));
}
