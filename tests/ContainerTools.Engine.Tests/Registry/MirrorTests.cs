using ContainerTools.Engine.Registry;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Mirrors are asked first, and nobody depends on them.</summary>
public sealed class MirrorTests : IDisposable
{
    private readonly HostilePull _pull = new();
    private readonly HostileRegistry _mirror;

    public MirrorTests()
    {
        _mirror = new HostileRegistry(_pull.Content);
        _mirror.Tag("1", _pull.Manifest);
        Use(_mirror.Address);
    }

    public void Dispose()
    {
        _mirror.Dispose();
        _pull.Dispose();
    }

    [Fact]
    public async Task What_a_mirror_has_is_not_asked_of_the_registry()
    {
        var pulled = await _pull.PullAsync();

        Assert.Equal([_pull.Name], pulled.Images[0].Tags);
        Assert.Empty(_pull.Server.Requests);
    }

    [Fact]
    public async Task A_mirror_may_keep_repositories_under_a_path()
    {
        Use(_mirror.Address + "/cache/here");
        var gate = new TokenGate(_mirror);

        await _pull.PullAsync();

        Assert.All(_mirror.Requests.Where(request => request.Path != "/token"), request => Assert.StartsWith("/v2/cache/here/some/image/", request.Path, StringComparison.Ordinal));
        Assert.Equal(["repository:cache/here/some/image:pull"], gate.Scopes.Distinct());
        Assert.Empty(_pull.Server.Requests);
    }

    [Fact]
    public async Task What_a_mirror_lacks_comes_from_the_registry()
    {
        _mirror.Change = (request, good) => request.IsBlob(_pull.Layers[0].Digest) ? HostileAnswer.Text(404, "") : good;

        Assert.Single((await _pull.PullAsync()).Images);

        Assert.Equal([_pull.Layers[0].Digest], from request in _pull.Server.Requests select Oci.Digest.Parse(request.Path.Split('/')[^1]));
    }

    [Fact]
    public async Task A_mirror_that_is_not_there_is_asked_once()
    {
        Use($"http://localhost:{RegistryServer.FreePort()}", _mirror.Address);
        _mirror.Change = (_, _) => HostileAnswer.Text(503, "");

        Assert.Single((await _pull.PullAsync()).Images);

        Assert.Equal(1 + _pull.Options.RetryCount, _mirror.Requests.Count);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("broken")]
    public async Task A_layer_that_a_mirror_spoils_comes_from_the_registry(string how)
    {
        _mirror.Change = (request, good) => !request.IsBlob(_pull.Layers[0].Digest) ? good
            : how == "wrong" ? good with { Body = new byte[good.Body.Length] } : request.Offset == 0 ? good with { BreakAfter = 5000 } : HostileAnswer.Text(500, "");

        Assert.Single((await _pull.PullAsync()).Images);

        Assert.Equal(how == "wrong" ? [0] : [5000], _pull.Server.RequestsFor(_pull.Layers[0].Digest).Select(request => request.Offset));
    }

    [Fact]
    public async Task A_manifest_that_a_mirror_spoils_comes_from_the_registry()
    {
        _mirror.Change = (request, good) => request.IsManifest ? good with { Body = "{}"u8.ToArray() } : good;

        Assert.Single((await _pull.PullAsync()).Images);
    }

    [Fact]
    public async Task Of_the_registry_itself_the_error_is()
    {
        _mirror.Change = (_, _) => HostileAnswer.Text(403, "");
        _pull.Server.Change = (_, _) => HostileAnswer.Text(404, "");

        var error = await Assert.ThrowsAsync<RegistryException>(() => _pull.PullAsync());

        Assert.Equal("RemoteImageNotFound", error.Code);
        Assert.Contains(_pull.Server.Name, error.Message, StringComparison.Ordinal);
    }

    private void Use(params string[] mirrors) => _pull.Store.RegistrySetup.Settings[_pull.Server.Name] = new RegistrySettings { Name = _pull.Server.Name, Mirrors = mirrors };
}
