using System.Collections.Concurrent;
using System.Text;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Lets only those into a <see cref="HostileRegistry"/> who have a token, and gives tokens out (distribution, "Token Authentication Specification").</summary>
internal sealed class TokenGate
{
    private readonly HostileRegistry _server;
    private readonly ConcurrentDictionary<string, byte> _tokens = new();

    public TokenGate(HostileRegistry server)
    {
        _server = server;
        server.Change = Answer;
    }

    /// <summary>User and password that get a token; null when everybody does.</summary>
    public string? Login { get; init; }

    /// <summary>Identity token that gets a token.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>What to do with requests that were let in.</summary>
    public Func<HostileRequest, HostileAnswer, HostileAnswer> Then { get; set; } = (_, good) => good;

    /// <summary>Scopes that were asked for, in order; several of one request with a space between.</summary>
    public ConcurrentQueue<string> Scopes { get; } = new();

    /// <summary>All tokens lose their worth.</summary>
    public void Expire() => _tokens.Clear();

    private HostileAnswer Answer(HostileRequest request, HostileAnswer good)
    {
        if (request.Path != "/token")
        {
            return request.Authorization?.Split(' ') is ["Bearer", var shown] && _tokens.ContainsKey(shown)
                ? Then(request, good)
                : HostileAnswer.Text(401, "", ("WWW-Authenticate", $"Bearer realm=\"{_server.Address}/token\",service=\"test\""));
        }

        var form = (request.Method == "POST" ? Encoding.UTF8.GetString(request.Body) : request.Target.Split('?')[1]).Split('&').Select(pair => pair.Split('=')).ToLookup(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        var welcome = request.Method == "POST"
            ? RefreshToken is not null && form["refresh_token"].Single() == RefreshToken && form["grant_type"].Single() == "refresh_token"
            : Login is null || request.Authorization == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Login));
        Scopes.Enqueue(string.Join(' ', form["scope"]));
        var token = Guid.NewGuid().ToString("N");
        return welcome && form["service"].Single() == "test" && _tokens.TryAdd(token, 0) ? HostileAnswer.Text(200, $$"""{"token":"{{token}}","expires_in":300}""") : HostileAnswer.Text(401, "");
    }
}
