using ContainerTools.Engine.Images;
using ContainerTools.Engine.Storage;
using ContainerTools.Engine.Tests.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Registry;

public sealed class PullTests(PlainRegistry registry) : IDisposable
{
    private static readonly string[] HostAndOther = Platform.HostArchitecture == "amd64" ? ["linux/amd64", "linux/arm64"] : [$"linux/{Platform.HostArchitecture}", "linux/amd64"];
    private readonly TestStore _store = new();
    private readonly RemoteContent _content = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("gzip", true)]
    [InlineData("zstd", false)]
    [InlineData("plain", false)]
    public async Task A_pulled_image_is_what_the_registry_has(string form, bool docker)
    {
        var manifest = _content.AddImage(Platform.HostArchitecture, [RemoteContent.Layer(1), RemoteContent.Layer(2)], form, docker);
        var name = await PutAsync(manifest);

        var pulled = await PullAsync(name);

        var image = Assert.Single(pulled.Images);
        Assert.Equal(manifest.Digest.ToString(), image.Digest);
        Assert.Equal(manifest.Digest.ToString(), pulled.Digest);
        Assert.Equal([name], image.Tags);
        Assert.Equal([$"{name.Replace(":1", "", StringComparison.Ordinal)}@{manifest.Digest}"], image.RepositoryDigests);
        Assert.Equal(100_000, image.Size);
        Assert.Equal($"linux/{Platform.HostArchitecture}", image.Platform);
        Assert.Equal(_content.Blobs.Values.Sum(blob => blob.Length) - ConfigSize, pulled.BytesReceived);
        Assert.Equal(50_000, new FileInfo(Path.Combine(_store.Layers.PathOf(Digest.Parse(image.Layers[0])), "file-1")).Length);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Paths.Partial));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Paths.Work));
    }

    [Fact]
    public async Task What_is_here_already_is_not_fetched_again()
    {
        var shared = RemoteContent.Layer(11);
        var first = await PutAsync(_content.AddImage(Platform.HostArchitecture, [shared, RemoteContent.Layer(12)]));
        var second = await PutAsync(_content.AddImage(Platform.HostArchitecture, [shared, RemoteContent.Layer(13)]));
        await PullAsync(first);

        var again = await PullAsync(first);
        var other = await PullAsync(second);

        Assert.Equal((0, 2), (again.BytesReceived, again.LayersSkipped));
        Assert.Equal(1, other.LayersSkipped);
        Assert.InRange(other.BytesReceived, 1, 40_000);
        Assert.Equal(3, Directory.GetDirectories(_store.Paths.Layers).Length);
    }

    [Fact]
    public async Task Pulls_of_the_same_layers_at_the_same_time_do_the_work_once()
    {
        var layers = Enumerable.Range(20, 4).Select(seed => RemoteContent.Layer(seed, 2_000_000)).ToList();
        var name = await PutAsync(_content.AddImage(Platform.HostArchitecture, layers));
        using var catalog = new Catalog(_store.Paths.Catalog);
        var other = new ImageOperations(new ImageStore(catalog, new LayerStore(_store.Paths, catalog)), _store.Registries);

        var pulls = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => Task.Run(() => (number % 2 == 0 ? _store.Images : other)
            .PullAsync(new ImagePullRequest { Name = name }, null, Token), Token)));

        Assert.Equal(_content.Blobs.Values.Sum(blob => blob.Length) - ConfigSize, pulls.Sum(pull => pull.BytesReceived));
        Assert.Equal(4, Directory.GetDirectories(_store.Paths.Layers).Length);
    }

    [Fact]
    public async Task Of_an_index_the_hosts_image_is_taken_and_the_index_is_kept()
    {
        var (index, manifests) = AddIndex();
        var name = await PutAsync(index);

        var pulled = await PullAsync(name);

        var image = Assert.Single(pulled.Images);
        Assert.Equal((manifests[0].Digest.ToString(), index.Digest.ToString()), (image.Digest, image.Index));
        Assert.Equal(index.Digest.ToString(), pulled.Digest);
        Assert.Equal(image.Id, _store.Images.Get(name).Id);
        Assert.Equal(image.Id, _store.Images.Get($"{name.Split(":1")[0]}@{index.Digest}").Id);
        Assert.Equal(image.Id, _store.Images.Get(manifests[0].Digest.ToString()).Id);
    }

    [Fact]
    public async Task Another_platform_joins_the_first_under_the_same_name()
    {
        var (index, _) = AddIndex();
        var name = await PutAsync(index);
        var host = (await PullAsync(name)).Images[0];

        var other = (await PullAsync(name, HostAndOther[1])).Images[0];

        Assert.Equal(HostAndOther[1], other.Platform);
        Assert.Equal([name], other.Tags);
        Assert.Equal(host.Id, _store.Images.Get(name).Id);
        Assert.Equal(other.Id, _store.Images.Get(name, HostAndOther[1]).Id);
        Assert.Equal(2, _store.Images.List().Count);

        _store.Images.Remove(name, force: false);
        Assert.Empty(_store.Images.List());
        Assert.Empty(_store.StoredFiles());
    }

    [Fact]
    public async Task A_platform_that_an_image_is_not_made_for_is_said_with_those_it_is_made_for()
    {
        var (index, _) = AddIndex();
        var name = await PutAsync(index);
        var single = await PutAsync(_content.AddImage("s390x", [RemoteContent.Layer(40)]));

        var ofIndex = await Assert.ThrowsAsync<RegistryException>(() => PullAsync(name, "linux/riscv64"));
        var ofSingle = await Assert.ThrowsAsync<RegistryException>(() => PullAsync(single, "linux/riscv64"));

        Assert.Equal("ImagePlatformNotFound", ofIndex.Code);
        Assert.Contains(string.Join(", ", HostAndOther), ofIndex.Message, StringComparison.Ordinal);
        Assert.Equal("ImagePlatformNotFound", ofSingle.Code);
        Assert.Contains("linux/s390x", ofSingle.Message, StringComparison.Ordinal);
        Assert.Empty(_store.StoredFiles());
    }

    [Fact]
    public async Task By_digest_the_image_is_called_by_it()
    {
        var manifest = _content.AddImage(Platform.HostArchitecture, [RemoteContent.Layer(50)]);
        var name = (await PutAsync(manifest)).Split(":1")[0] + "@" + manifest.Digest;

        var pulled = await PullAsync(name);

        Assert.Equal([name], pulled.Images[0].Tags);
        Assert.Equal(pulled.Images[0].Id, _store.Images.Get(name).Id);
        _store.Images.Remove(name, force: false);
        Assert.Empty(_store.Images.List());
    }

    [Fact]
    public async Task An_attestation_comes_with_the_image_that_it_is_about()
    {
        var statement = _content.AddBlob("{\"_type\":\"https://in-toto.io/Statement/v0.1\"}"u8.ToArray());
        var image = _content.AddImage(Platform.HostArchitecture, [RemoteContent.Layer(60)]);
        var attestation = _content.AddManifest(MediaTypes.ImageManifest, new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.ImageManifest,
            ["config"] = _content.Descriptor(_content.AddBlob("{\"architecture\":\"unknown\",\"os\":\"unknown\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"u8.ToArray()), MediaTypes.ImageConfig),
            ["layers"] = new System.Text.Json.Nodes.JsonArray(_content.Descriptor(statement, MediaTypes.InToto)),
        });
        var index = _content.AddIndex(
            false,
            (image, $"linux/{Platform.HostArchitecture}", []),
            (attestation, "unknown/unknown", [("vnd.docker.reference.type", "attestation-manifest"), ("vnd.docker.reference.digest", image.Digest.ToString())]));
        var name = await PutAsync(index);

        await PullAsync(name);

        var kept = Assert.Single(_store.ImageStore.ArtifactsAbout(image.Digest));
        Assert.Equal(attestation.Digest, kept.Digest);
        Assert.True(File.Exists(_store.Layers.BlobPathOf(statement)));
        _store.Images.Remove(name, force: false);
        Assert.Empty(_store.StoredFiles());
    }

    [Fact]
    public async Task What_is_no_image_is_kept_as_an_artifact()
    {
        var file = _content.AddBlob("chart"u8.ToArray());
        var manifest = _content.AddManifest(MediaTypes.ImageManifest, new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.ImageManifest,
            ["artifactType"] = "application/vnd.test.chart",
            ["config"] = _content.Descriptor(_content.AddBlob("{}"u8.ToArray()), MediaTypes.EmptyConfig),
            ["layers"] = new System.Text.Json.Nodes.JsonArray(_content.Descriptor(file, "application/x-chart")),
        });
        var name = await PutAsync(manifest);

        var pulled = await PullAsync(name);

        Assert.Empty(pulled.Images);
        Assert.Equal((name, "application/vnd.test.chart", 5L), (pulled.Artifact!.Name, pulled.Artifact.ArtifactType, pulled.Artifact.Size));
        Assert.Equal("NotAnImage", Assert.Throws<ContainerToolsException>(() => _store.Images.Get(name)).Code);
        _store.Images.Remove(name, force: false);
        Assert.Empty(_store.StoredFiles());
    }

    [Fact]
    public async Task The_same_layer_compressed_in_two_ways_is_unpacked_once_and_both_manifests_stay_exact()
    {
        var tar = RemoteContent.Layer(70);
        var gzip = await PutAsync(_content.AddImage(Platform.HostArchitecture, [tar]));
        var zstd = await PutAsync(_content.AddImage(Platform.HostArchitecture, [tar], "zstd"));

        var one = (await PullAsync(gzip)).Images[0];
        var other = (await PullAsync(zstd)).Images[0];

        Assert.Equal(one.Id, other.Id);
        Assert.NotEqual(one.Digest, other.Digest);
        Assert.Equal(one.Id, _store.Images.Get(one.Digest).Id);
        Assert.Single(Directory.GetDirectories(_store.Paths.Layers));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_store.Paths.Blobs, "sha256")).Length);
        _store.Images.Remove(gzip, force: false);
        _store.Images.Remove(zstd, force: false);
        Assert.Empty(_store.StoredFiles());
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        var error = await Assert.ThrowsAsync<RegistryException>(() => PullAsync($"{registry.Server.Name}/no/such:1"));

        Assert.Equal(("RemoteImageNotFound", ErrorKind.NotFound, 404), (error.Code, error.Kind, error.StatusCode));
    }

    [Fact]
    public async Task A_name_without_a_registry_is_looked_for_in_the_search_order()
    {
        using var empty = new RegistryServer();
        var manifest = _content.AddImage(Platform.HostArchitecture, [RemoteContent.Layer(80)]);
        var name = await PutAsync(manifest);
        _store.RegistrySetup.SearchOrder = [empty.Name, registry.Server.Name];
        var pulled = await PullAsync(name.Replace(registry.Server.Name + "/", "", StringComparison.Ordinal));
        Assert.Equal(name, pulled.Name);
    }

    /// <summary>The configuration is a document, not counted among what is transferred.</summary>
    private int ConfigSize => _content.Blobs.Values.Where(blob => blob[0] == '{').Sum(blob => blob.Length);

    private (Descriptor Index, List<Descriptor> Manifests) AddIndex()
    {
        var manifests = HostAndOther.Select((platform, number) => _content.AddImage(platform.Split('/')[1], [RemoteContent.Layer(30 + number)])).ToList();
        return (_content.AddIndex(false, [.. manifests.Zip(HostAndOther).Select(pair => (pair.First, (string?)pair.Second, Array.Empty<(string, string)>()))]), manifests);
    }

    private async Task<string> PutAsync(Descriptor root)
    {
        var repository = registry.NewRepository();
        await _content.PutAsync(registry.Address, repository, root, "1");
        return $"{registry.Server.Name}/{repository}:1";
    }

    private Task<ImagePullResult> PullAsync(string name, params string[] platforms) =>
        _store.Images.PullAsync(new ImagePullRequest { Name = name, Platforms = platforms }, null, Token);
}
