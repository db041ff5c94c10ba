using ContainerTools.Engine.Registry;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Registries that ask who is there.</summary>
public sealed class AuthenticationTests : IDisposable
{
    private readonly HostilePull _pull = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _pull.Dispose();

    [Fact]
    public async Task Somebody_without_a_login_gets_a_token_where_everybody_does()
    {
        var gate = new TokenGate(_pull.Server);

        Assert.Single((await _pull.PullAsync()).Images);

        Assert.Equal(["repository:some/image:pull"], gate.Scopes.Distinct());
        Assert.All(_pull.Server.Requests, request => Assert.DoesNotContain("Basic", request.Authorization ?? "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_login_goes_to_the_token_server_only()
    {
        _ = new TokenGate(_pull.Server) { Login = "me:s3cret" };
        Use(new RegistryCredential("me", "s3cret"));

        Assert.Single((await _pull.PullAsync()).Images);

        Assert.All(_pull.Server.Requests.Where(request => request.Path != "/token"), request => Assert.DoesNotContain("Basic", request.Authorization ?? "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_identity_token_is_exchanged()
    {
        var gate = new TokenGate(_pull.Server) { Login = "nobody", RefreshToken = "r3fresh" };
        Use(new RegistryCredential("", "r3fresh", IsIdentityToken: true));

        Assert.Single((await _pull.PullAsync()).Images);

        Assert.Equal(["repository:some/image:pull"], gate.Scopes.Distinct());
        Assert.DoesNotContain(_pull.Server.Requests, request => request.Target.Contains("r3fresh", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wrong_password_is_said_with_the_mend(bool basic)
    {
        Use(new RegistryCredential("me", "hunter2"));
        if (basic)
        {
            _pull.Server.Change = (_, _) => HostileAnswer.Text(401, "", ("WWW-Authenticate", "Basic realm=\"test\""));
        }
        else
        {
            _ = new TokenGate(_pull.Server) { Login = "me:s3cret" };
        }

        var error = await Assert.ThrowsAsync<RegistryException>(() => _pull.PullAsync());

        Assert.Equal(("RegistryUnauthorized", ErrorKind.Unauthenticated), (error.Code, error.Kind));
        Assert.Contains($"Connect-ContainerRegistry {_pull.Server.Name}", error.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.InRange(_pull.Server.Requests.Count, 1, 4);
    }

    [Fact]
    public async Task A_token_that_expires_in_the_middle_of_a_pull_is_renewed()
    {
        var gate = new TokenGate(_pull.Server) { Login = "me:s3cret" };
        Use(new RegistryCredential("me", "s3cret"));
        var layer = _pull.Layers[0].Digest;
        gate.Then = (request, good) =>
        {
            if (!request.IsBlob(layer) || request.Offset > 0)
            {
                return good;
            }

            gate.Expire();
            return good with { BreakAfter = 10_000 };
        };

        Assert.Single((await _pull.PullAsync()).Images);
        Assert.InRange(gate.Scopes.Count, 2, 4);
    }

    [Fact]
    public async Task A_push_asks_for_the_right_to_push_and_a_mount_for_both_repositories()
    {
        var gate = new TokenGate(_pull.Server);
        await _pull.PullAsync();
        gate.Scopes.Clear();
        gate.Then = (request, good) => request.Method == "HEAD" ? HostileAnswer.Text(404, "") : good;

        await _pull.Images.PushAsync(new ImagePushRequest { Name = _pull.Name, Destination = $"{_pull.Server.Name}/other/image:1" }, null, Token);

        Assert.Contains("repository:other/image:pull,push", gate.Scopes);
        Assert.Contains("repository:other/image:pull,push repository:some/image:pull", gate.Scopes);
        Assert.All(gate.Scopes, scope => Assert.StartsWith("repository:other/image:pull,push", scope, StringComparison.Ordinal));
    }

    private void Use(RegistryCredential login) => _pull.Store.RegistrySetup.Credentials[_pull.Server.Name] = login;
}
