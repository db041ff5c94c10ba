using ContainerTools.Engine.Registry;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Connections that break, stall and do not end; registries that are busy or broken.</summary>
public sealed class HostileConnectionTests(PlainRegistry registry) : IDisposable
{
    private readonly HostilePull _pull = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _pull.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_layer_that_breaks_off_is_gone_on_with_where_it_broke(bool reset)
    {
        var layer = _pull.Layers[0];
        _pull.Server.Change = (request, good) => request.IsBlob(layer.Digest) && request.Number == 0 ? good with { BreakAfter = 10_000, Reset = reset } : good;

        var pulled = await _pull.PullAsync();

        Assert.Equal([0, 10_000], _pull.Server.RequestsFor(layer.Digest).Select(request => request.Offset));
        Assert.Equal(_pull.Layers.Sum(one => one.Size), pulled.BytesReceived);
    }

    [Fact]
    public async Task A_registry_that_knows_no_ranges_sends_it_all_again()
    {
        var layer = _pull.Layers[0];
        _pull.Server.Change = (request, good) => !request.IsBlob(layer.Digest) ? good
            : new HostileAnswer(200, _pull.Content.Blobs[layer.Digest]) { BreakAfter = request.Number == 0 ? 10_000 : null };

        await _pull.PullAsync();

        Assert.Equal(2, _pull.Server.RequestsFor(layer.Digest).Count);
    }

    [Fact]
    public async Task A_range_other_than_asked_for_is_refused() => await _pull.FailAsync("RegistryRangeInvalid", (request, good) =>
        !request.IsBlob(_pull.Layers[0].Digest) ? good : request.Offset == 0 ? good with { BreakAfter = 10_000 } : good.With("Content-Range", $"bytes 1-{good.Body.Length}/20000"));

    [Fact]
    public async Task What_is_kept_of_a_layer_does_no_harm_when_the_registry_refuses_the_range()
    {
        var layer = _pull.Layers[0];
        KeepPart(layer.Digest);
        _pull.Server.Change = (request, good) => request.IsBlob(layer.Digest) && request.Offset > 0 ? HostileAnswer.Text(416, "") : good;

        Assert.Single((await _pull.PullAsync()).Images);
        Assert.Empty(_pull.Partials());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_document_that_breaks_off_is_asked_for_again(bool ofManifest)
    {
        _pull.Server.Change = (request, good) => (ofManifest ? request.IsManifest : request.IsBlob(_pull.Config.Digest)) && request.Number == 0 ? good with { BreakAfter = 10 } : good;

        Assert.Single((await _pull.PullAsync()).Images);
    }

    [Fact]
    public async Task A_byte_with_each_connection_is_no_progress()
    {
        await _pull.FailAsync("RegistryConnectionBroken", (request, good) => request.IsBlob(_pull.Layers[0].Digest) ? good with { BreakAfter = 1 } : good);

        Assert.InRange(_pull.Server.RequestsFor(_pull.Layers[0].Digest).Count, 2, 10);
    }

    [Theory]
    [InlineData("layer", "RegistryTimeout")]
    [InlineData("config", "RegistryTimeout")]
    [InlineData("manifest", "RegistryTimeout")]
    [InlineData("error", "RegistryDenied")]
    public async Task What_drips_is_given_up(string which, string code)
    {
        using var pull = new HostilePull(HostilePull.Impatient with
        {
            RetryCount = 1,
            AnswerTimeout = TimeSpan.FromSeconds(which == "layer" ? 20 : 1),
            StallTimeout = TimeSpan.FromMilliseconds(400),
        });
        pull.Server.Change = (request, good) => which switch
        {
            "error" when request.IsManifest => HostileAnswer.Text(403, "{\"errors\": []}") with { Drip = TimeSpan.FromMilliseconds(200), StatedLength = 5000 },
            "manifest" when request.IsManifest => good with { Drip = TimeSpan.FromMilliseconds(50) },
            "config" when request.IsBlob(pull.Config.Digest) => good with { Drip = TimeSpan.FromMilliseconds(50) },
            "layer" when request.IsBlob(pull.Layers[0].Digest) => good with { Drip = TimeSpan.FromMilliseconds(50) },
            _ => good,
        };

        var error = await Assert.ThrowsAnyAsync<ContainerToolsException>(() => pull.PullAsync().WaitAsync(TimeSpan.FromSeconds(15), Token));

        Assert.Equal(code, error.Code);
        pull.AssertNothingStored();
    }

    [Theory]
    [InlineData("layer")]
    [InlineData("token")]
    public async Task What_drips_while_it_is_copied_or_asked_for_a_token_is_given_up(string which)
    {
        using var pull = new HostilePull(HostilePull.Impatient with { RetryCount = 1, AnswerTimeout = TimeSpan.FromSeconds(1), StallTimeout = TimeSpan.FromMilliseconds(400) });
        pull.Server.Change = (request, good) => which switch
        {
            "layer" when request.Method == "GET" && request.IsBlob(pull.Layers[0].Digest) => good with { Drip = TimeSpan.FromMilliseconds(50) },
            "token" when request.Path.StartsWith("/token", StringComparison.Ordinal) => HostileAnswer.Text(200, "{\"token\": \"abc\"}") with { Drip = TimeSpan.FromMilliseconds(200), StatedLength = 5000 },
            "token" => HostileAnswer.Text(401, "", ("WWW-Authenticate", $"Bearer realm=\"http://{pull.Server.Name}/token\"")),
            _ => good,
        };
        var target = which == "layer" ? $"{registry.Server.Name}/{registry.NewRepository()}:1" : $"{pull.Server.Name}/other/image:1";

        var error = await Assert.ThrowsAsync<RegistryException>(() => pull.Repositories
            .CopyAsync(new ImageCopyRequest { Source = pull.Name, Destination = target }, null, Token).WaitAsync(TimeSpan.FromSeconds(15), Token));

        Assert.Equal("RegistryTimeout", error.Code);
        Assert.Contains(pull.Server.Name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_wait_that_the_registry_asks_for_is_kept()
    {
        _pull.Server.Change = (request, good) => request.IsManifest && request.Number == 0 ? HostileAnswer.Text(429, "", ("Retry-After", "1")) : good;
        var begin = TimeProvider.System.GetTimestamp();

        await _pull.PullAsync();

        Assert.True(TimeProvider.System.GetElapsedTime(begin) >= TimeSpan.FromSeconds(0.99));
        Assert.Equal(2, _pull.Server.Requests.Count(request => request.IsManifest));
    }

    [Fact]
    public async Task A_long_wait_is_said()
    {
        var error = Assert.IsType<RegistryException>(await _pull.FailAsync(
            "RegistryRateLimited", (request, good) => request.IsManifest ? HostileAnswer.Text(429, "", ("Retry-After", "600")) : good));

        Assert.Equal((429, TimeSpan.FromMinutes(10)), (error.StatusCode, error.RetryAfter));
        Assert.Contains("600 s", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_server_that_is_broken_for_a_moment_is_asked_again(int status)
    {
        _pull.Server.Change = (request, good) => request.Number < 2 ? HostileAnswer.Text(status, "") : good;

        Assert.Single((await _pull.PullAsync()).Images);
    }

    [Fact]
    public async Task A_server_that_stays_broken_is_given_up()
    {
        var answers = 0;
        await _pull.FailAsync("RegistryUnavailable", (request, good) => request.IsManifest && ++answers > 0 ? HostileAnswer.Text(503, "") : good);

        Assert.Equal(1 + _pull.Options.RetryCount, answers);
    }

    [Fact]
    public async Task A_flood_of_header_fields_is_not_read()
    {
        var flood = Enumerable.Range(0, 5000).Select(number => ($"X-Flood-{number}", new string('x', 100))).ToList();

        await _pull.FailAsync("DocumentTooLarge", (request, good) => request.IsManifest ? good with { Headers = flood } : good);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_list_of_tags_without_end_is_given_up(bool same)
    {
        var page = $"{{\"tags\":[{string.Join(',', Enumerable.Repeat("\"a\"", 200_000))}]}}";
        _pull.Server.Change = (request, _) => HostileAnswer.Text(200, page, ("Link", $"</v2/some/image/tags/list?last={(same ? 0 : request.Target.Length)}{new string('x', same ? 0 : request.Target.Length % 900)}>; rel=\"next\""));

        var error = await Assert.ThrowsAsync<RegistryException>(() => _pull.Repositories.ListTagsAsync($"{_pull.Server.Name}/some/image", Token));

        Assert.Equal("RegistryListEndless", error.Code);
        Assert.InRange(_pull.Server.Requests.Count, 2, 10);
    }

    private void KeepPart(Oci.Digest layer)
    {
        Directory.CreateDirectory(_pull.Store.Paths.Partial);
        File.WriteAllBytes(Path.Combine(_pull.Store.Paths.Partial, layer.Hex), _pull.Content.Blobs[layer][..5000]);
    }
}
