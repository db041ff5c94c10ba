using System.IO.Compression;
using System.Text;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Storage;
using ContainerTools.Engine.Tests.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Images;

public sealed class ImportExportTests : IDisposable
{
    private const string ConfigText = """
        {"architecture":"amd64","os":"linux","created":"2024-05-06T07:08:09.123456789Z","x-unknown":{"a":[1,2]},
         "config":{"Env":["A=b"],"Cmd":["sh"],"Volumes":null,"Healthcheck":{"Test":["CMD","true"],"Interval":5000000000},"OnBuild":["RUN x"],"Odd":1},
         "rootfs":{"type":"layers","diff_ids":[@LAYERS@]},"history":[{"created_by":"first"},{"created_by":"env","empty_layer":true},{"created_by":"second"}]}
        """;

    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(ImageArchiveFormat.DockerArchive)]
    [InlineData(ImageArchiveFormat.OciArchive)]
    [InlineData(ImageArchiveFormat.OciLayout)]
    public async Task An_image_survives_export_and_import(ImageArchiveFormat format)
    {
        var image = await ImportDockerAsync();
        var file = await ExportAsync(image.Name, format);
        using var other = new TestStore();

        var copy = Assert.Single(await other.Images.ImportAsync(new ImageImportRequest { Path = file }, null, TestContext.Current.CancellationToken));

        Assert.Equal((image.Id, image.Size, image.Name), (copy.Id, copy.Size, copy.Name));
        Assert.Equal(image.Layers, copy.Layers);
        Assert.Equal("one", File.ReadAllText(Path.Combine(other.Layers.PathOf(Digest.Parse(copy.Layers[0])), "a")));
        if (format != ImageArchiveFormat.DockerArchive)
        {
            Assert.Equal(image.Digest, copy.Digest);
        }
    }

    [Fact]
    public async Task A_configuration_keeps_its_exact_bytes_and_meaning()
    {
        var image = await ImportDockerAsync();

        Assert.Equal(Digest.Of(Config()).ToString(), image.Id);
        Assert.Equal(["A=b"], image.Config.Environment);
        Assert.Equal(TimeSpan.FromSeconds(5), image.Config.HealthCheck!.Interval);
        Assert.Equal(["RUN x"], image.Config.OnBuild);
        Assert.Equal(["second", "env", "first"], _store.Images.GetHistory(image.Name).Select(entry => entry.CreatedBy));
        Assert.Equal([image.Layers[1], null, image.Layers[0]], _store.Images.GetHistory(image.Name).Select(entry => entry.Layer));
        Assert.Contains("\"Odd\":1", _store.Images.GetRaw(image.Name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("xz")]
    [InlineData("stream")]
    public async Task Compressed_archives_and_streams_are_read(string how)
    {
        var plain = DockerArchive();
        var output = new MemoryStream();
        if (how == "xz")
        {
            Assert.SkipUnless(File.Exists("/usr/bin/xz"), "xz is not installed");
            _ = LayerRoundTripTests.Run("xz", "-q", Save("archive", plain));
            output.Write(File.ReadAllBytes(_store.PathOf("archive.xz")));
        }
        else if (how == "stream")
        {
            output.Write(plain);
        }
        else
        {
            using Stream stream = how == "gzip" ? new GZipStream(output, CompressionLevel.Fastest, true) : new ZstdSharp.CompressionStream(output, leaveOpen: true);
            stream.Write(plain);
        }

        var request = how == "stream"
            ? new ImageImportRequest { Content = new MemoryStream(output.ToArray()) }
            : new ImageImportRequest { Path = Save("compressed", output.ToArray()) };
        var images = await _store.Images.ImportAsync(request, null, TestContext.Current.CancellationToken);

        Assert.Equal("shop/web:1", Assert.Single(images).Name);
        Assert.Empty(Directory.GetFileSystemEntries(_store.Paths.Work));
    }

    [Fact]
    public async Task A_layer_that_is_there_already_is_not_read_again()
    {
        var first = await ImportDockerAsync();
        var blob = _store.Layers.StructurePathOf(Digest.Parse(first.Layers[0]));
        var inode = File.GetLastWriteTimeUtc(blob);

        var second = await ImportDockerAsync();

        Assert.Equal((first.Id, first.Created, first.Size), (second.Id, second.Created, second.Size));
        Assert.Equal(first.Layers, second.Layers);
        Assert.Equal(inode, File.GetLastWriteTimeUtc(blob));
    }

    [Fact]
    public async Task A_root_file_system_becomes_an_image_with_the_changes_asked_for()
    {
        var tar = TestStore.Tar(TestStore.Directory_("bin/"), TestStore.File("bin/tool", "x", 0x1ed));
        var images = await _store.Images.ImportAsync(
            new ImageImportRequest
            {
                Path = Save("root.tar", tar),
                RootFilesystem = true,
                Tags = ["made:1"],
                Message = "by hand",
                Changes = ["CMD [\"/bin/tool\", \"-v\"]", "ENV A=1 B=\"two words\"", "EXPOSE 80 53/udp", "LABEL a=b", "USER 1000", "WORKDIR srv", "ENTRYPOINT /bin/tool"],
            },
            null,
            TestContext.Current.CancellationToken);

        var image = Assert.Single(images);
        Assert.Equal("made:1", image.Name);
        Assert.Equal([Digest.Of(tar).ToString()], image.Layers);
        Assert.Equal(["A=1", "B=two words"], image.Config.Environment);
        Assert.Equal(["/bin/sh", "-c", "/bin/tool"], image.Config.Entrypoint);
        Assert.Equal(["53/udp", "80/tcp"], image.Config.ExposedPorts);
        Assert.Equal(("1000", "/srv", "b"), (image.Config.User, image.Config.WorkingDirectory, image.Labels["a"]));
        Assert.Equal("by hand", Assert.Single(_store.Images.GetHistory("made:1")).Comment);
    }

    [Theory]
    [InlineData("RUN x")]
    [InlineData("ENV")]
    [InlineData("EXPOSE many")]
    [InlineData("LABEL a=\"open")]
    public async Task A_change_that_cannot_be_applied_is_refused(string change)
    {
        var request = new ImageImportRequest { Path = Save("r.tar", TestStore.Tar(TestStore.File("a"))), RootFilesystem = true, Changes = [change] };

        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => _store.Images.ImportAsync(request, null, TestContext.Current.CancellationToken));

        Assert.Equal("InvalidImageChange", error.Code);
        Assert.Empty(_store.StoredFiles());
    }

    [Fact]
    public async Task Damage_in_the_second_layer_leaves_nothing_of_the_first()
    {
        var archive = DockerArchive(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Config()).Replace(Digest.Of(Layers()[1]).Hex, new string('0', 64), StringComparison.Ordinal)));

        await AssertRefusedAsync("DigestMismatch", archive);
    }

    [Theory]
    [InlineData("manifest.json", "ArchiveFormatUnknown")]
    [InlineData("config.json", "ArchiveFileMissing")]
    [InlineData("second/layer.tar", "ArchiveFileMissing")]
    public async Task A_missing_part_is_named(string missing, string code) => await AssertRefusedAsync(code, DockerArchive(without: missing));

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public async Task A_truncated_archive_is_refused(double part)
    {
        var archive = DockerArchive();

        await AssertRefusedAsync("TarTruncated", archive[..(int)(archive.Length * part)]);
    }

    [Fact]
    public async Task Text_is_no_archive() => await AssertRefusedAsync("InvalidTar", Encoding.UTF8.GetBytes(new string('x', 5000)));

    [Fact]
    public async Task The_size_limit_counts_all_layers_together()
    {
        var request = new ImageImportRequest { Path = Save("a.tar", DockerArchive()), MaximumSize = 3000 };

        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => _store.Images.ImportAsync(request, null, TestContext.Current.CancellationToken));

        Assert.Equal((ErrorKind.ResourceExhausted, "LayerTooLarge"), (error.Kind, error.Code));
        Assert.Empty(_store.StoredFiles());
    }

    [Fact]
    public async Task An_existing_target_is_replaced_only_by_force()
    {
        var image = await ImportDockerAsync();
        var target = Save("taken.tar", [1, 2, 3]);

        var error = await Assert.ThrowsAsync<ContainerToolsException>(() =>
            _store.Images.ExportAsync(new ImageExportRequest { Images = [image.Name], Path = target }, null, TestContext.Current.CancellationToken));
        Assert.Equal("PathExists", error.Code);
        Assert.Equal(3, new FileInfo(target).Length);

        _ = await _store.Images.ExportAsync(new ImageExportRequest { Images = [image.Name], Path = target, Force = true }, null, TestContext.Current.CancellationToken);
        Assert.True(new FileInfo(target).Length > 3);
    }

    [Fact]
    public async Task An_export_that_fails_leaves_no_file()
    {
        var image = await ImportDockerAsync();
        File.Delete(_store.Layers.StructurePathOf(Digest.Parse(image.Layers[1])));

        _ = await Assert.ThrowsAsync<ContainerToolsException>(() => ExportAsync(image.Name, ImageArchiveFormat.DockerArchive));

        Assert.Empty(Directory.GetFiles(_store.Directory, "export*"));
    }

    [Theory]
    [InlineData(ImageArchiveFormat.DockerArchive, "docker-archive:")]
    [InlineData(ImageArchiveFormat.OciArchive, "oci-archive:")]
    [InlineData(ImageArchiveFormat.OciLayout, "oci:")]
    public async Task Skopeo_reads_what_we_write(ImageArchiveFormat format, string transport)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/skopeo"), "skopeo is not installed");
        var image = await ImportDockerAsync();
        var file = await ExportAsync(image.Name, format);

        // skopeo verifies the digests of every layer it copies.
        var copied = _store.PathOf("copied");
        _ = LayerRoundTripTests.Run("skopeo", "--insecure-policy", "copy", "--quiet", transport + file, "dir:" + copied);

        Assert.Equal(Config(), File.ReadAllBytes(Path.Combine(copied, image.Id[7..])));
    }

    [Fact]
    public async Task We_read_what_skopeo_writes()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/skopeo"), "skopeo is not installed");
        var image = await ImportDockerAsync();
        var file = await ExportAsync(image.Name, ImageArchiveFormat.DockerArchive);
        var layout = _store.PathOf("theirs");
        _ = LayerRoundTripTests.Run("skopeo", "--insecure-policy", "copy", "--quiet", "docker-archive:" + file, $"oci:{layout}:theirs/name:2");
        using var other = new TestStore();

        var copy = Assert.Single(await other.Images.ImportAsync(new ImageImportRequest { Path = layout }, null, TestContext.Current.CancellationToken));

        Assert.Equal("theirs/name:2", copy.Name);
        Assert.Equal(image.Layers, copy.Layers);
        Assert.All(copy.Layers, layer => Assert.Equal(MediaTypes.LayerGzip, other.Layers.Get(Digest.Parse(layer)).MediaType));
    }

    private static byte[][] Layers() => [TestStore.Tar(TestStore.File("a", "one")), TestStore.Tar(TestStore.File("b", "two"))];

    private static byte[] Config() => Encoding.UTF8.GetBytes(
        ConfigText.Replace("@LAYERS@", string.Join(',', Layers().Select(layer => $"\"{Digest.Of(layer)}\"")), StringComparison.Ordinal));

    private static byte[] DockerArchive(byte[]? config = null, string? without = null)
    {
        var output = new MemoryStream();
        var tar = new LayoutTar(output);
        foreach (var (name, content) in new (string, byte[])[]
        {
            ("first/layer.tar", Layers()[0]),
            ("second/layer.tar", Layers()[1]),
            ("config.json", config ?? Config()),
            ("manifest.json", """[{"Config":"config.json","RepoTags":["shop/web:1"],"Layers":["first/layer.tar","second/layer.tar"]}]"""u8.ToArray()),
        })
        {
            if (name != without)
            {
                tar.Add(name, content);
            }
        }

        tar.Finish();
        return output.ToArray();
    }

    private async Task AssertRefusedAsync(string code, byte[] archive)
    {
        var path = Save("hostile.tar", archive);
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() =>
            _store.Images.ImportAsync(new ImageImportRequest { Path = path }, null, TestContext.Current.CancellationToken));
        Assert.Equal(code, error.Code);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Empty(_store.StoredFiles());
        Assert.Empty(_store.Images.List());
    }

    private string Save(string name, byte[] content)
    {
        File.WriteAllBytes(_store.PathOf(name), content);
        return _store.PathOf(name);
    }

    private async Task<Image> ImportDockerAsync() => Assert.Single(await _store.Images.ImportAsync(
        new ImageImportRequest { Path = Save("image.tar", DockerArchive()) }, null, TestContext.Current.CancellationToken));

    private Task<string> ExportAsync(string name, ImageArchiveFormat format) => _store.Images.ExportAsync(
        new ImageExportRequest { Images = [name], Path = _store.PathOf("export-" + format), Format = format }, null, TestContext.Current.CancellationToken);
}
