using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace ContainerTools.Engine.Registry;

/// <summary>What a registry asks for in <c>WWW-Authenticate</c> (RFC 9110, section 11.6.1; distribution, token authentication specification).</summary>
/// <param name="IsBearer">True for <c>Bearer</c>, false for <c>Basic</c>.</param>
/// <param name="Realm">Where tokens are given out; null for <c>Basic</c>.</param>
/// <param name="Service">Whom the token is for.</param>
/// <param name="Scope">What it must allow.</param>
internal sealed partial record AuthenticationChallenge(bool IsBearer, Uri? Realm, string? Service, string? Scope)
{
    /// <summary>The best that this client can answer: Bearer before Basic; null when there is none.</summary>
    public static AuthenticationChallenge? Choose(IEnumerable<AuthenticationHeaderValue> headers)
    {
        AuthenticationChallenge? basic = null;
        foreach (var header in headers)
        {
            if (header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            {
                basic = new AuthenticationChallenge(false, null, null, null);
            }
            else if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            {
                var parameters = Parameters().Matches(header.Parameter ?? "").ToLookup(
                    match => match.Groups["name"].Value.ToLowerInvariant(),
                    match => match.Groups["quoted"].Success ? Escapes().Replace(match.Groups["quoted"].Value, "$1") : match.Groups["plain"].Value);
                if (Uri.TryCreate(parameters["realm"].FirstOrDefault(), UriKind.Absolute, out var realm))
                {
                    return new AuthenticationChallenge(true, realm, parameters["service"].FirstOrDefault(), parameters["scope"].FirstOrDefault());
                }
            }
        }

        return basic;
    }

    [GeneratedRegex("""(?<name>[A-Za-z0-9_-]+)\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^\s",]+))""")]
    private static partial Regex Parameters();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escapes();
}
