using ContainerTools.Engine.Tests.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Registry;

public sealed class ProvisionTests(PlainRegistry registry) : IDisposable
{
    private readonly TestStore _store = new();
    private readonly RemoteContent _content = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Missing_pulls_once()
    {
        var (name, _) = await PutAsync(1);

        var first = await EnsureAsync(name, PullPolicy.Missing);
        await PutAsync(2, name);
        var second = await EnsureAsync(name, PullPolicy.Missing);

        Assert.Equal(first.Id, second.Id);
    }

    [Theory]
    [InlineData(PullPolicy.Always)]
    [InlineData(PullPolicy.Newer)]
    public async Task A_tag_that_has_moved_is_pulled_again(PullPolicy policy)
    {
        var (name, _) = await PutAsync(3);
        var first = await EnsureAsync(name, policy);

        var same = await EnsureAsync(name, policy);
        await PutAsync(4, name);
        var other = await EnsureAsync(name, policy);

        Assert.Equal(first.Id, same.Id);
        Assert.NotEqual(first.Id, other.Id);
    }

    [Fact]
    public async Task Never_asks_nobody()
    {
        var (name, _) = await PutAsync(5);

        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => EnsureAsync(name, PullPolicy.Never));

        Assert.Equal("ImageNotFound", error.Code);
    }

    [Fact]
    public async Task Newer_is_content_with_what_is_here_when_nobody_answers()
    {
        var (name, _) = await PutAsync(6);
        await EnsureAsync(name, PullPolicy.Missing);
        var gone = $"localhost:{RegistryServer.FreePort()}/gone:1";
        _store.Images.AddTag(name, [gone], force: false);
        _store.RegistrySetup.Options = _store.RegistrySetup.Options with { RetryCount = 0 };

        Assert.Equal(_store.Images.Get(name).Id, (await EnsureAsync(gone, PullPolicy.Newer)).Id);
        Assert.Equal("RegistryUnreachable", (await Assert.ThrowsAsync<RegistryException>(() => EnsureAsync(gone, PullPolicy.Always))).Code);
    }

    [Fact]
    public async Task What_cannot_be_pulled_is_not_found_with_the_reason()
    {
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => EnsureAsync($"{registry.Server.Name}/no/such:1", PullPolicy.Missing));

        Assert.Equal("ImageNotFound", error.Code);
        Assert.Contains("cannot be pulled", error.Message, StringComparison.Ordinal);
        Assert.IsType<RegistryException>(error.InnerException);
    }

    private Task<Image> EnsureAsync(string name, PullPolicy policy) => _store.Images.EnsureAsync(name, policy, null, null, Token);

    private async Task<(string Name, Descriptor Manifest)> PutAsync(int seed, string? name = null)
    {
        var repository = name is null ? registry.NewRepository() : name[(registry.Server.Name.Length + 1)..].Split(':')[0];
        var manifest = _content.AddImage(Platform.HostArchitecture, [RemoteContent.Layer(seed)]);
        await _content.PutAsync(registry.Address, repository, manifest, "1");
        return ($"{registry.Server.Name}/{repository}:1", manifest);
    }
}
