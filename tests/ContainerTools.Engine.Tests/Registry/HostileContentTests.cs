using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Registries that send other content than they promise.</summary>
public sealed class HostileContentTests : IDisposable
{
    private readonly HostilePull _pull = new();

    public void Dispose() => _pull.Dispose();

    [Theory]
    [InlineData("manifest")]
    [InlineData("config")]
    [InlineData("layer")]
    public async Task Content_with_another_digest_is_refused(string which) => await _pull.FailAsync("DigestMismatch", (request, good) => Is(which, request) ? Changed(good) : good);

    [Fact]
    public async Task A_manifest_that_is_not_what_its_header_says_is_refused() => await _pull.FailAsync(
        "DigestMismatch", (request, good) => request.IsManifest ? good.With("Docker-Content-Digest", Digest.Of("other"u8).ToString()) : good);

    [Fact]
    public async Task A_digest_is_not_resolved_to_another_one()
    {
        _pull.Server.Change = (request, good) => request.IsManifest ? good.With("Docker-Content-Digest", Digest.Of("other"u8).ToString()) : good;

        var error = await Assert.ThrowsAnyAsync<ContainerToolsException>(() => _pull.Repositories.ResolveAsync($"{_pull.Server.Name}/some/image@{_pull.Manifest.Digest}", null, TestContext.Current.CancellationToken));

        Assert.Equal("DigestMismatch", error.Code);
    }

    [Theory]
    [InlineData("config", "DocumentTooLarge")]
    [InlineData("manifest", "DigestMismatch")]
    public async Task A_longer_document_is_refused(string which, string code) => await _pull.FailAsync(code, (request, good) => Is(which, request) ? good with { Body = [.. good.Body, 0x20] } : good);

    [Fact]
    public async Task Of_a_longer_layer_no_more_is_read_than_its_descriptor_says()
    {
        _pull.Server.Change = (request, good) => Is("layer", request) ? good with { StatedLength = -1, Endless = true } : good;

        Assert.Equal(_pull.Layers.Sum(layer => layer.Size), (await _pull.PullAsync()).BytesReceived);
    }

    [Theory]
    [InlineData("config", "DigestMismatch")]
    [InlineData("manifest", "DigestMismatch")]
    [InlineData("layer", "RegistryRangeInvalid")]
    public async Task A_shorter_one_is_refused(string which, string code) => await _pull.FailAsync(code, (request, good) => !Is(which, request) ? good
        : request.Offset > 0 ? HostileAnswer.Text(416, "") : good with { Body = good.Body[..^1] });

    [Fact]
    public async Task A_manifest_without_end_is_not_read_to_its_end() => await _pull.FailAsync(
        "DocumentTooLarge", (request, good) => request.IsManifest ? good with { StatedLength = -1, Endless = true } : good);

    [Fact]
    public async Task A_config_without_end_is_not_read_to_its_end() => await _pull.FailAsync(
        "DocumentTooLarge", (request, good) => Is("config", request) ? good with { StatedLength = -1, Endless = true } : good);

    [Fact]
    public async Task A_config_that_lies_about_a_layer_is_found_out()
    {
        _pull.Server.Tag("1", Retold(manifest => manifest["config"] = _pull.Content.Descriptor(
            _pull.Content.AddBlob(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_pull.Content.Blobs[_pull.Config.Digest]).Replace(Digest.Of(RemoteContent.Layer(2)).ToString(), Digest.Of("lie"u8).ToString(), StringComparison.Ordinal))),
            MediaTypes.ImageConfig)));

        await _pull.FailAsync("DigestMismatch", (_, good) => good);
    }

    [Fact]
    public async Task As_many_layers_are_in_the_manifest_as_in_the_config()
    {
        _pull.Server.Tag("1", Retold(manifest => manifest["layers"]!.AsArray().RemoveAt(1)));

        await _pull.FailAsync("LayerCountMismatch", (_, good) => good);
    }

    [Fact]
    public async Task Layers_that_lie_elsewhere_are_refused()
    {
        _pull.Server.Tag("1", Retold(manifest => manifest["layers"]![0]!["mediaType"] = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"));

        await _pull.FailAsync("ForeignLayer", (_, good) => good);
    }

    [Fact]
    public async Task A_document_that_is_manifest_and_index_is_refused()
    {
        _pull.Server.Tag("1", Retold(manifest => manifest["manifests"] = new JsonArray()));

        await _pull.FailAsync("ManifestTypeMismatch", (_, good) => good);
    }

    [Fact]
    public async Task A_document_of_another_type_than_its_header_says_is_refused() => await _pull.FailAsync(
        "ManifestTypeMismatch", (request, good) => request.IsManifest ? good with { ContentType = MediaTypes.ImageIndex } : good);

    [Fact]
    public async Task A_document_of_another_type_than_its_index_says_is_refused()
    {
        var lying = _pull.Manifest with { MediaType = MediaTypes.DockerManifest };
        _pull.Server.Tag("1", _pull.Content.AddIndex(false, (lying, $"linux/{Platform.HostArchitecture}", [])));

        await _pull.FailAsync("ManifestTypeMismatch", (_, good) => good);
    }

    [Fact]
    public async Task A_document_of_another_size_than_its_index_says_is_refused()
    {
        _pull.Server.Tag("1", _pull.Content.AddIndex(false, (_pull.Manifest with { Size = _pull.Manifest.Size + 1 }, $"linux/{Platform.HostArchitecture}", [])));

        await _pull.FailAsync("SizeMismatch", (_, good) => good);
    }

    [Fact]
    public async Task Schema_1_is_refused_by_name()
    {
        _pull.Server.Tag("1", _pull.Content.AddManifest("application/vnd.docker.distribution.manifest.v1+prettyjws", new() { ["schemaVersion"] = 1, ["fsLayers"] = new JsonArray() }));

        Assert.Contains("schema 1", (await _pull.FailAsync("ManifestNotSupported", (_, good) => good)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layer_that_grows_beyond_the_limit_is_refused()
    {
        var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(RemoteContent.Layer(1));
            gzip.Write(new byte[32 << 20]);
        }

        var digest = _pull.Content.AddBlob(bomb.ToArray());
        _pull.Server.Tag("1", Retold(manifest => manifest["layers"]![0] = _pull.Content.Descriptor(digest, MediaTypes.LayerGzip)));

        await _pull.FailAsync("LayerTooLarge", (_, good) => good, maximumSize: 1 << 20);
    }

    [Fact]
    public async Task An_index_that_multiplies_is_not_followed()
    {
        var index = _pull.Content.AddIndex(false, [.. Enumerable.Repeat((_pull.Manifest, (string?)null, Array.Empty<(string, string)>()), 20)]);
        for (var depth = 0; depth < 3; depth++)
        {
            index = _pull.Content.AddIndex(false, [.. Enumerable.Repeat((index, (string?)null, Array.Empty<(string, string)>()), 20)]);
        }

        _pull.Server.Tag("1", index);

        await _pull.Images.PullAsync(new ImagePullRequest { Name = _pull.Name, AllPlatforms = true }, null, TestContext.Current.CancellationToken);

        Assert.Equal(5, _pull.Server.Requests.Count(request => request.IsManifest));
    }

    [Theory]
    [InlineData("""{"errors":[{"code":"X","message":"\u001b[2Jgone\u202e\u0007"}]}""")]
    [InlineData("no JSON \u001b[2J")]
    [InlineData("[]")]
    [InlineData("""{"errors":[1,null]}""")]
    public async Task What_a_registry_says_is_shown_without_control_characters(string body)
    {
        var error = await _pull.FailAsync("RegistryDenied", (request, good) => request.IsManifest ? HostileAnswer.Text(403, body) : good);

        Assert.DoesNotContain('\u202e', error.Message);
    }

    [Fact]
    public async Task A_media_type_is_shown_without_control_characters()
    {
        _pull.Server.Tag("1", Retold(manifest => manifest["mediaType"] = "text/\u001b[2Jx"));

        await _pull.FailAsync("ManifestTypeMismatch", (_, good) => good);
    }

    [Fact]
    public async Task A_platform_is_shown_without_control_characters()
    {
        _pull.Server.Tag("1", _pull.Content.AddIndex(false, (_pull.Manifest, "linux/\u001b[2Jx", [])));

        await _pull.FailAsync("ImagePlatformNotFound", (_, good) => good);
    }

    private static HostileAnswer Changed(HostileAnswer good)
    {
        var body = good.Body.ToArray();
        body[4] ^= 1;
        return good with { Body = body };
    }

    private bool Is(string which, HostileRequest request) => which switch
    {
        "manifest" => request.IsManifest,
        "config" => request.IsBlob(_pull.Config.Digest),
        _ => request.IsBlob(_pull.Layers[0].Digest),
    };

    /// <summary>The image's manifest with a change, as a manifest of its own.</summary>
    private Descriptor Retold(Action<JsonObject> change)
    {
        var manifest = JsonNode.Parse(_pull.Content.Manifests[_pull.Manifest.Digest].Content)!.AsObject();
        change(manifest);
        return _pull.Content.AddManifest(MediaTypes.ImageManifest, manifest);
    }
}
