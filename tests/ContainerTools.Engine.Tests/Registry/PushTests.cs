using System.Text.Json;
using ContainerTools.Engine.Tests.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Registry;

public sealed class PushTests(PlainRegistry registry) : IDisposable
{
    private readonly TestStore _store = new();
    private readonly TestStore _other = new();
    private readonly RemoteContent _content = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task A_pushed_image_is_pulled_by_another_store_as_the_same_image()
    {
        var image = await ImportAsync("web:1");
        var name = NewName();

        var pushed = await PushAsync("web:1", name);
        var pulled = (await _other.Images.PullAsync(new ImagePullRequest { Name = name }, null, Token)).Images[0];

        Assert.Equal((name, pushed.Digest), (pushed.Name, pulled.Digest));
        Assert.Equal(image.Id, pulled.Id);
        Assert.Equal("file-3", Path.GetFileName(Assert.Single(Directory.GetFiles(_other.Layers.PathOf(Digest.Parse(pulled.Layers[0]))))));
        Assert.Equal(MediaTypes.LayerGzip, Assert.Single(CompressionOf(pushed.Digest)));
        Assert.Equal([$"{name.Split(":1")[0]}@{pushed.Digest}"], _store.Images.Get("web:1").RepositoryDigests);
    }

    [Theory]
    [InlineData(ImageCompression.Zstd, 19, MediaTypes.LayerZstd)]
    [InlineData(ImageCompression.Gzip, 1, MediaTypes.LayerGzip)]
    [InlineData(ImageCompression.None, null, MediaTypes.Layer)]
    public async Task Layers_are_compressed_as_asked(ImageCompression compression, int? level, string mediaType)
    {
        var image = await ImportAsync("web:1");
        var name = NewName();

        var pushed = await _store.Images.PushAsync(new ImagePushRequest { Name = "web:1", Destination = name, Compression = compression, CompressionLevel = level }, null, Token);
        var pulled = await _other.Images.PullAsync(new ImagePullRequest { Name = name }, null, Token);

        Assert.Equal(image.Id, pulled.Images[0].Id);
        Assert.Equal(pushed.Digest, pulled.Digest);
        Assert.Equal([mediaType], _other.ImageStore.Resolve(name).Manifest.Layers.Select(layer => layer.MediaType));
    }

    [Fact]
    public async Task What_the_registry_has_is_not_sent_again_even_when_it_has_to_be_compressed()
    {
        await ImportAsync("web:1");
        var name = NewName();
        var first = await PushAsync("web:1", name);

        var again = await PushAsync("web:1", name);

        Assert.Equal(first.Digest, again.Digest);
        Assert.InRange(first.BytesUploaded, 1000, 50_000);
        Assert.Equal((0, 1), (again.BytesUploaded, again.LayersSkipped));
    }

    [Fact]
    public async Task Another_repository_of_the_registry_takes_layers_over()
    {
        await ImportAsync("web:1");
        await PushAsync("web:1", NewName());

        var pushed = await PushAsync("web:1", NewName());

        Assert.Equal((1, 0), (pushed.LayersMounted, pushed.LayersSkipped));
        Assert.InRange(pushed.BytesUploaded, 1, 1000);
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("zstd", false)]
    [InlineData("plain", false)]
    public async Task What_came_from_a_registry_goes_to_another_byte_by_byte(string form, bool docker)
    {
        var manifest = _content.AddImage(Platform.HostArchitecture, [RemoteContent.Layer(4), RemoteContent.Layer(5)], form, docker);
        var name = await PutAsync(manifest);
        await _store.Images.PullAsync(new ImagePullRequest { Name = name }, null, Token);

        var pushed = await PushAsync(name, NewName());

        Assert.Equal(manifest.Digest.ToString(), pushed.Digest);
    }

    [Fact]
    public async Task An_index_goes_with_all_its_images_and_attestations()
    {
        var (index, _) = AddIndex();
        var name = await PutAsync(index);
        await _store.Images.PullAsync(new ImagePullRequest { Name = name, AllPlatforms = true }, null, Token);
        var copy = NewName();

        var pushed = await PushAsync(name, copy);
        var pulled = await _other.Images.PullAsync(new ImagePullRequest { Name = copy, AllPlatforms = true }, null, Token);

        Assert.Equal(index.Digest.ToString(), pushed.Digest);
        Assert.Equal(index.Digest.ToString(), pulled.Digest);
        Assert.Equal(2, pulled.Images.Count);
    }

    [Fact]
    public async Task Of_an_index_that_is_here_in_part_the_hosts_image_is_pushed_with_a_warning()
    {
        var (index, manifests) = AddIndex();
        var name = await PutAsync(index);
        await _store.Images.PullAsync(new ImagePullRequest { Name = name }, null, Token);
        var warnings = new List<string>();

        var pushed = await _store.Images.PushAsync(
            new ImagePushRequest { Name = name, Destination = NewName() }, new Reports(report => warnings.Add(report.Warning ?? "")), Token);

        Assert.Equal(manifests[0].Digest.ToString(), pushed.Digest);
        Assert.Contains(warnings, warning => warning.Contains("only a part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_artifact_about_another_manifest_is_among_its_referrers()
    {
        var image = _content.AddImage(Platform.HostArchitecture, [RemoteContent.Layer(7)]);
        var signature = _content.AddManifest(MediaTypes.ImageManifest, new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.ImageManifest,
            ["artifactType"] = "application/vnd.test.signature",
            ["config"] = _content.Descriptor(_content.AddBlob("{}"u8.ToArray()), MediaTypes.EmptyConfig),
            ["layers"] = new System.Text.Json.Nodes.JsonArray(_content.Descriptor(_content.AddBlob("signed"u8.ToArray()), "text/plain")),
            ["subject"] = _content.Descriptor(image.Digest, MediaTypes.ImageManifest, image.Size),
        });
        var name = await PutAsync(signature);
        await _store.Images.PullAsync(new ImagePullRequest { Name = name }, null, Token);
        var repository = registry.NewRepository();

        await PushAsync(name, $"{registry.Server.Name}/{repository}:signature");

        var found = await _store.Registries.For(registry.Server.Name).ListReferrersAsync(repository, image.Digest, "application/vnd.test.signature", Token);
        Assert.Equal(signature.Digest, Assert.Single(found).Digest);
        Assert.Empty(await _store.Registries.For(registry.Server.Name).ListReferrersAsync(repository, image.Digest, "other", Token));
    }

    [Fact]
    public async Task Without_a_name_there_is_nowhere_to_push_to()
    {
        var image = await ImportAsync("web:1");

        foreach (var id in (string[])[image.Id, image.Id["sha256:".Length..], image.Id["sha256:".Length..][..12]])
        {
            var error = await Assert.ThrowsAsync<ContainerToolsException>(() => _store.Images.PushAsync(new ImagePushRequest { Name = id }, null, Token));

            Assert.Equal("PushDestinationMissing", error.Code);
        }

        Assert.Equal("ImageNotFound", (await Assert.ThrowsAsync<ContainerToolsException>(() => _store.Images.PushAsync(new ImagePushRequest { Name = "none" }, null, Token))).Code);
    }

    [Fact]
    public async Task A_level_that_a_compression_does_not_have_is_refused()
    {
        await ImportAsync("web:1");

        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => _store.Images.PushAsync(
            new ImagePushRequest { Name = "web:1", Destination = NewName(), Compression = ImageCompression.Gzip, CompressionLevel = 10 }, null, Token));

        Assert.Equal("InvalidCompressionLevel", error.Code);
    }

    private async Task<Image> ImportAsync(string tag)
    {
        await File.WriteAllBytesAsync(_store.PathOf("root.tar"), RemoteContent.Layer(3), Token);
        return (await _store.Images.ImportAsync(new ImageImportRequest { Path = _store.PathOf("root.tar"), RootFilesystem = true, Tags = [tag] }, null, Token))[0];
    }

    private string NewName() => $"{registry.Server.Name}/{registry.NewRepository()}:1";

    private Task<PushResult> PushAsync(string name, string destination) =>
        _store.Images.PushAsync(new ImagePushRequest { Name = name, Destination = destination }, null, Token);

    private (Descriptor Index, List<Descriptor> Manifests) AddIndex()
    {
        var other = Platform.HostArchitecture == "amd64" ? "arm64" : "amd64";
        var manifests = new[] { Platform.HostArchitecture, other }.Select((architecture, number) => _content.AddImage(architecture, [RemoteContent.Layer(30 + number)])).ToList();
        return (_content.AddIndex(false, (manifests[0], $"linux/{Platform.HostArchitecture}", []), (manifests[1], $"linux/{other}", [])), manifests);
    }

    private async Task<string> PutAsync(Descriptor root)
    {
        var repository = registry.NewRepository();
        await _content.PutAsync(registry.Address, repository, root, "1");
        return $"{registry.Server.Name}/{repository}:1";
    }

    /// <summary>Media types of the layers, as the registry has them.</summary>
    private string[] CompressionOf(string digest)
    {
        var path = Directory.EnumerateFiles(registry.Server.DataDirectory, "data", SearchOption.AllDirectories).First(path => path.Contains(digest[7..], StringComparison.Ordinal));
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. json.RootElement.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("mediaType").GetString()!)];
    }

    private sealed class Reports(Action<EngineProgress> take) : IProgress<EngineProgress>
    {
        public void Report(EngineProgress value) => take(value);
    }
}
