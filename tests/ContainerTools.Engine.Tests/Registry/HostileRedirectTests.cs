using System.Net;
using ContainerTools.Engine.Registry;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Registries that lead elsewhere.</summary>
public sealed class HostileRedirectTests : IDisposable
{
    private readonly HostilePull _pull = new();
    private readonly HostileRegistry _other;

    public HostileRedirectTests() => _other = new HostileRegistry(_pull.Content);

    public void Dispose()
    {
        _other.Dispose();
        _pull.Dispose();
    }

    [Fact]
    public async Task A_blob_may_lie_on_another_host_which_hears_nothing_of_the_login()
    {
        var layer = _pull.Layers[0].Digest;
        _pull.Store.RegistrySetup.Credentials[_pull.Server.Name] = new RegistryCredential("me", "s3cret");
        _pull.Server.Change = (request, good) => request.Authorization is null ? HostileAnswer.Text(401, "", ("WWW-Authenticate", "Basic realm=\"test\""))
            : request.IsBlob(layer) ? HostileAnswer.Redirect($"{_other.Address}{request.Target}?signature=1") : good;
        _other.Change = (request, _) => new HostileAnswer(200, _pull.Content.Blobs[layer]);

        Assert.Single((await _pull.PullAsync()).Images);

        var there = Assert.Single(_other.Requests);
        Assert.Equal(["Host", "User-Agent"], there.Headers.Keys.Order());
        Assert.Contains(_pull.Server.Requests, request => request.Authorization is not null);
    }

    [Fact]
    public async Task Another_host_that_asks_for_a_login_gets_none()
    {
        var layer = _pull.Layers[0].Digest;
        _pull.Store.RegistrySetup.Credentials[_pull.Server.Name] = new RegistryCredential("me", "s3cret");
        _other.Change = (_, _) => HostileAnswer.Text(401, "", ("WWW-Authenticate", $"Bearer realm=\"{_other.Address}/token\""), ("WWW-Authenticate", "Basic realm=\"x\""));

        await _pull.FailAsync("RegistryUnauthorized", (request, good) => request.IsBlob(layer) ? HostileAnswer.Redirect(_other.Address + request.Target) : good);

        Assert.All(_other.Requests, request => Assert.Null(request.Authorization));
        Assert.DoesNotContain(_other.Requests, request => request.Path == "/token");
    }

    [Fact]
    public async Task A_redirect_in_circles_is_left()
    {
        await _pull.FailAsync("RegistryRedirectLoop", (request, good) => request.IsManifest ? HostileAnswer.Redirect(request.Target) : good);

        Assert.InRange(_pull.Server.Requests.Count(request => request.IsManifest && request.Number < 10), 2, 10);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://localhost/")]
    public async Task A_redirect_to_what_is_no_web_address_is_refused(string target) => await _pull.FailAsync(
        "RegistryRedirectUnencrypted", (request, good) => request.IsManifest ? HostileAnswer.Redirect(target) : good);

    [Theory]
    [InlineData("redirect", "RegistryRedirectUnencrypted")]
    [InlineData("token", "TokenServerUnencrypted")]
    public async Task A_registry_that_is_encrypted_cannot_lead_to_what_is_not(string way, string code)
    {
        using var authority = new TestAuthority();
        using var pull = NewEncrypted(authority);
        pull.Store.RegistrySetup.Credentials["registry.example"] = new RegistryCredential("me", "s3cret");
        pull.Server.Change = (request, good) => !request.IsManifest ? good
            : way == "redirect" ? HostileAnswer.Redirect(_other.Address + request.Target)
            : HostileAnswer.Text(401, "", ("WWW-Authenticate", $"Bearer realm=\"{_other.Address}/token\""));

        var error = await Assert.ThrowsAsync<RegistryException>(() => pull.PullAsync("registry.example/some/image:1"));

        Assert.Equal(code, error.Code);
        Assert.Empty(_other.Requests);
        pull.Server.Change = (_, good) => good;
        Assert.Single((await pull.PullAsync("registry.example/some/image:1")).Images);
    }

    [Fact]
    public async Task Content_is_not_uploaded_to_what_is_not_encrypted()
    {
        using var authority = new TestAuthority();
        using var pull = NewEncrypted(authority);
        await pull.PullAsync("registry.example/some/image:1");
        pull.Server.Change = (request, good) => request.Method switch
        {
            "HEAD" => HostileAnswer.Text(404, ""),
            "POST" => good.With("Location", $"{_other.Address}/upload"),
            _ => good,
        };

        var error = await Assert.ThrowsAsync<RegistryException>(() => pull.Images.PushAsync(
            new ImagePushRequest { Name = "registry.example/some/image:1" }, null, TestContext.Current.CancellationToken));

        Assert.Equal("RegistryRedirectUnencrypted", error.Code);
        Assert.Empty(_other.Requests);
    }

    private static HostilePull NewEncrypted(TestAuthority authority)
    {
        var pull = new HostilePull(certificate: authority.Issue("registry.example"));
        pull.Proxy = new WebProxy($"http://127.0.0.1:{pull.Server.Port}");
        pull.Store.RegistrySetup.Settings["registry.example"] = new RegistrySettings { Name = "registry.example", AuthorityPath = authority.Path };
        return pull;
    }
}
