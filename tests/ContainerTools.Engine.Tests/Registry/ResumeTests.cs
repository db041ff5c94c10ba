using ContainerTools.Engine.Images;
using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>What came of a layer before a pull ended is not fetched a second time.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int Half = 16_000;
    private readonly HostilePull _pull = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _pull.Dispose();

    [Fact]
    public async Task A_pull_that_was_cancelled_in_a_layer_goes_on_where_it_ended()
    {
        var layer = _pull.Layers[0];
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _pull.Server.Change = (request, good) => !request.IsBlob(layer.Digest) ? good : good with
        {
            BreakAfter = Half,
            BeforeBreak = async () =>
            {
                await KeptAsync(layer.Digest.Hex, Half);
                await cancel.CancelAsync();
                await Task.Delay(200, Token);
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _pull.PullAsync(cancellationToken: cancel.Token));
        _pull.AssertNothingStored();

        _pull.Server.Change = (_, good) => good;
        await _pull.PullAsync();
        Assert.Equal([0, Half], _pull.Server.RequestsFor(layer.Digest).Select(request => request.Offset));
        Assert.Empty(_pull.Partials());
    }

    [Fact]
    public async Task A_part_that_is_damaged_is_fetched_again_once()
    {
        var layer = _pull.Layers[0];
        var part = _pull.Content.Blobs[layer.Digest][..Half];
        part[Half / 2] ^= 1;
        Directory.CreateDirectory(_pull.Store.Paths.Partial);
        File.WriteAllBytes(_pull.PartialOf(layer), part);

        Assert.Single((await _pull.PullAsync()).Images);

        Assert.Equal([0, Half], _pull.Server.RequestsFor(layer.Digest).Select(request => request.Offset).Order());
    }

    [Fact]
    public async Task A_part_that_is_longer_than_the_layer_is_thrown_away()
    {
        var layer = _pull.Layers[0];
        Directory.CreateDirectory(_pull.Store.Paths.Partial);
        File.WriteAllBytes(_pull.PartialOf(layer), new byte[layer.Size + 1]);

        Assert.Single((await _pull.PullAsync()).Images);

        Assert.Equal([0], _pull.Server.RequestsFor(layer.Digest).Select(request => request.Offset));
    }

    [Fact]
    public async Task Whoever_comes_second_waits_for_a_layer_instead_of_fetching_it()
    {
        var layer = _pull.Layers[0];
        using var catalog = new Catalog(_pull.Store.Paths.Catalog);
        using var access = new RegistryAccess(_pull.Store.RegistrySetup, _pull.Store.RegistrySetup, () => null, _pull.Options);
        var other = new ImageOperations(new ImageStore(catalog, new LayerStore(_pull.Store.Paths, catalog)), access);
        Task<ImagePullResult>? second = null;
        _pull.Server.Change = (request, good) => !request.IsBlob(layer.Digest) || request.Number > 0 ? good : good with
        {
            BreakAfter = Half,
            BeforeBreak = async () =>
            {
                second = other.PullAsync(new ImagePullRequest { Name = _pull.Name }, null, Token);
                await Task.Delay(300, Token);
            },
        };

        await _pull.PullAsync();
        await second!;

        Assert.Equal([0, Half], _pull.Server.RequestsFor(layer.Digest).Select(request => request.Offset));
        Assert.Single(_pull.Images.List());
    }

    private async Task KeptAsync(string hex, int count)
    {
        var path = Path.Combine(_pull.Store.Paths.Partial, hex);
        for (var end = DateTime.UtcNow.AddSeconds(10); DateTime.UtcNow < end && !(File.Exists(path) && new FileInfo(path).Length >= count);)
        {
            await Task.Delay(10, Token);
        }
    }
}
