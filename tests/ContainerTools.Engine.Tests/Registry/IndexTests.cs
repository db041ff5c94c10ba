using ContainerTools.Engine.Tests.Images;
using ContainerTools.Engine.Tests.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Multi-platform images: made, changed, pushed, written to archives and read again.</summary>
public sealed class IndexTests(PlainRegistry registry) : IDisposable
{
    private static readonly string Other = Platform.HostArchitecture == "amd64" ? "arm64" : "amd64";
    private readonly TestStore _store = new();
    private readonly TestStore _another = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _another.Dispose();
    }

    [Fact]
    public async Task An_index_is_made_of_images_and_pushed_with_them()
    {
        var (host, other) = (await PullAsync(Platform.HostArchitecture, 1), await PullAsync(Other, 2));
        var name = $"{registry.Server.Name}/{registry.NewRepository()}:1";

        var index = _store.Images.ChangeIndex(new ImageIndexChange { Name = name, Create = true, Add = [host, other], Annotations = new Dictionary<string, string> { ["k"] = "v" } });
        var pushed = await _store.Images.PushAsync(new ImagePushRequest { Name = name }, null, Token);
        var pulled = await _another.Images.PullAsync(new ImagePullRequest { Name = name, AllPlatforms = true }, null, Token);

        Assert.Equal([$"linux/{Platform.HostArchitecture}", $"linux/{Other}"], index.Platforms);
        Assert.Equal("v", index.Annotations["k"]);
        Assert.Equal(index.Digest, pushed.Digest);
        Assert.Equal(index.Digest, pulled.Digest);
        Assert.Equal(2, pulled.Images.Count);
        Assert.Equal(_store.Images.Get(host).Id, _store.Images.Get(name).Id);
        Assert.Equal(_store.Images.Get(other).Id, _store.Images.Get(name, "linux/" + Other).Id);
    }

    [Fact]
    public async Task Entries_are_changed_and_taken_out_and_the_old_index_goes()
    {
        var (host, other) = (await PullAsync(Platform.HostArchitecture, 3), await PullAsync(Other, 4));
        var made = _store.Images.ChangeIndex(new ImageIndexChange { Name = "multi:1", Create = true, Add = [host, other] });

        var changed = _store.Images.ChangeIndex(new ImageIndexChange { Name = "multi:1", Entry = made.Manifests[1].Digest, Platform = "linux/arm/v6", OperatingSystemVersion = "1", EntryAnnotations = new Dictionary<string, string> { ["a"] = "b" } });
        var reduced = _store.Images.ChangeIndex(new ImageIndexChange { Name = "multi:1", Remove = [made.Manifests[0].Digest[7..19]] });

        Assert.Equal("linux/arm/v6", changed.Manifests[1].Platform);
        Assert.Contains("\"os.version\":\"1\"", changed.Json, StringComparison.Ordinal);
        Assert.Equal("b", changed.Manifests[1].Annotations["a"]);
        Assert.Equal(made.Manifests[1].Digest, Assert.Single(reduced.Manifests).Digest);
        Assert.Equal("multi:1", Assert.Single(_store.Images.ListIndexes()).Name);
        Assert.Equal(reduced.Digest, _store.Images.ListIndexes()[0].Digest);
        Assert.Null(_store.ImageStore.FindManifest(Digest.Parse(made.Digest)));
    }

    [Fact]
    public async Task What_cannot_be_meant_is_refused()
    {
        var host = await PullAsync(Platform.HostArchitecture, 5);
        _store.Images.ChangeIndex(new ImageIndexChange { Name = "multi:1", Create = true, Add = [host] });

        Assert.Equal("TagInUse", Code(new ImageIndexChange { Name = "multi:1", Create = true }));
        Assert.Equal("IndexNotFound", Code(new ImageIndexChange { Name = host }));
        Assert.Equal("ImageNotFound", Code(new ImageIndexChange { Name = "none:1" }));
        Assert.Equal("ImageNotFound", Code(new ImageIndexChange { Name = "multi:1", Add = ["none:1"] }));
        Assert.Equal("IndexEntryNotFound", Code(new ImageIndexChange { Name = "multi:1", Remove = ["0123"] }));
        Assert.Equal("InvalidPlatform", Code(new ImageIndexChange { Name = "multi:1", Add = [host], Platform = "a/b/c/d" }));
    }

    [Theory]
    [InlineData(ImageArchiveFormat.OciArchive)]
    [InlineData(ImageArchiveFormat.OciLayout)]
    public async Task An_archive_holds_the_whole_index_and_gives_it_back(ImageArchiveFormat format)
    {
        var (host, other) = (await PullAsync(Platform.HostArchitecture, 6), await PullAsync(Other, 7));
        var index = _store.Images.ChangeIndex(new ImageIndexChange { Name = "multi:1", Create = true, Add = [host, other] });
        await _store.Images.ExportAsync(new ImageExportRequest { Images = ["multi:1"], Path = _store.PathOf("archive"), Format = format }, null, Token);

        var one = await _another.Images.ImportAsync(new ImageImportRequest { Path = _store.PathOf("archive") }, null, Token);
        var all = await _another.Images.ImportAsync(new ImageImportRequest { Path = _store.PathOf("archive"), AllPlatforms = true }, null, Token);

        Assert.Equal($"linux/{Platform.HostArchitecture}", Assert.Single(one).Platform);
        Assert.Equal(2, all.Count);
        Assert.Equal(index.Digest, _another.Images.GetManifest("multi:1").Digest);
        Assert.All(all, image => Assert.Equal(["multi:1"], image.Tags));
    }

    [Fact]
    public async Task A_stream_takes_an_archive_of_one_platform()
    {
        var (host, other) = (await PullAsync(Platform.HostArchitecture, 8), await PullAsync(Other, 9));
        _store.Images.ChangeIndex(new ImageIndexChange { Name = "multi:1", Create = true, Add = [host, other] });
        using var archive = new MemoryStream();

        await _store.Images.ExportAsync(new ImageExportRequest { Images = ["multi:1"], Output = archive, Platforms = ["linux/" + Other], Format = ImageArchiveFormat.DockerArchive }, null, Token);
        var imported = await _another.Images.ImportAsync(new ImageImportRequest { Content = new MemoryStream(archive.ToArray()) }, null, Token);

        Assert.Equal(("linux/" + Other, "multi:1"), (imported[0].Platform, imported[0].Name));
    }

    [Fact]
    public async Task Skopeo_and_we_exchange_an_index_byte_by_byte()
    {
        PeerEngine.Require("skopeo");
        var (host, other) = (await PullAsync(Platform.HostArchitecture, 10), await PullAsync(Other, 11));
        var name = $"{registry.Server.Name}/{registry.NewRepository()}";
        var index = _store.Images.ChangeIndex(new ImageIndexChange { Name = name + ":1", Create = true, Add = [host, other] });
        await _store.Images.PushAsync(new ImagePushRequest { Name = name + ":1" }, null, Token);

        LayerRoundTripTests.Run("skopeo", "copy", "-q", "--all", "--src-tls-verify=false", "--dest-tls-verify=false", $"docker://{name}:1", $"docker://{name}:2");
        LayerRoundTripTests.Run("skopeo", "copy", "-q", "--all", "--src-tls-verify=false", $"docker://{name}:1", $"oci:{_another.PathOf("layout")}:multi");
        var pulled = await _another.Images.PullAsync(new ImagePullRequest { Name = name + ":2", AllPlatforms = true }, null, Token);
        var imported = await _another.Images.ImportAsync(new ImageImportRequest { Path = _another.PathOf("layout"), AllPlatforms = true, Tags = ["fromskopeo:1"] }, null, Token);

        Assert.Equal(index.Digest, pulled.Digest);
        Assert.Equal(2, imported.Count);
        Assert.Equal(index.Digest, _another.Images.GetManifest("fromskopeo:1").Digest);
    }

    private string Code(ImageIndexChange change) => Assert.Throws<ContainerToolsException>(() => _store.Images.ChangeIndex(change)).Code;

    private async Task<string> PullAsync(string architecture, int seed)
    {
        var content = new RemoteContent();
        var manifest = content.AddImage(architecture, [RemoteContent.Layer(seed)]);
        var repository = registry.NewRepository();
        await content.PutAsync(registry.Address, repository, manifest, "1");
        var name = $"{registry.Server.Name}/{repository}:1";
        await _store.Images.PullAsync(new ImagePullRequest { Name = name, Platforms = ["linux/" + architecture] }, null, Token);
        return name;
    }
}
