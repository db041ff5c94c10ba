using ContainerTools.Engine.Images;
using ContainerTools.Engine.Storage;
using ContainerTools.Engine.Tests.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Images;

public sealed class ImageStoreTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void An_image_is_found_by_every_name_it_has()
    {
        var image = Add("one", "shop/web:1.2");

        foreach (var name in new[] { "shop/web:1.2", "docker.io/shop/web:1.2", image.Id, image.Id[7..], image.Id[7..15], image.Id[..15], image.Digest, $"shop/web@{image.Digest}" })
        {
            Assert.Equal(image.Id, _store.Images.Get(name).Id);
        }
    }

    [Theory]
    [InlineData("missing", ErrorKind.NotFound, "ImageNotFound")]
    [InlineData("fffffff", ErrorKind.NotFound, "ImageNotFound")]
    [InlineData("Upper/Case", ErrorKind.InvalidArgument, "InvalidImageReference")]
    [InlineData("a b", ErrorKind.InvalidArgument, "InvalidImageReference")]
    [InlineData("", ErrorKind.InvalidArgument, "InvalidImageReference")]
    public void What_names_no_image_is_refused(string name, ErrorKind kind, string code)
    {
        _ = Add("one", "one");

        var error = Assert.Throws<ContainerToolsException>(() => _store.Images.Get(name));

        Assert.Equal((kind, code), (error.Kind, error.Code));
    }

    [Fact]
    public void An_id_prefix_of_two_images_is_ambiguous()
    {
        var seen = new Dictionary<char, string>();
        for (var number = 0; ; number++)
        {
            var id = Add($"image {number}", $"image:{number}").Id[7..];
            if (!seen.TryAdd(id[0], id))
            {
                var error = Assert.Throws<ContainerToolsException>(() => _store.Images.Get(id[..1]));
                Assert.Equal("ImageIdAmbiguous", error.Code);
                return;
            }
        }
    }

    [Fact]
    public void Removing_the_last_tag_removes_the_image_and_only_its_own_layers()
    {
        var shared = Layer("shared");
        var own = Layer("own");
        var image = Add("one", "one", shared, own);
        var other = Add("two", "two", shared);
        _store.Images.AddTag("one", ["uno"], force: false);

        _store.Images.Remove("uno", force: false);
        Assert.Equal(["one:latest"], _store.Images.Get("one").Tags);

        _store.Images.Remove("one", force: false);
        Assert.Equal("ImageNotFound", Assert.Throws<ContainerToolsException>(() => _store.Images.Get(image.Id)).Code);
        Assert.False(_store.Layers.Contains(own));
        Assert.False(Directory.Exists(_store.Layers.PathOf(own)));
        Assert.True(_store.Layers.Contains(shared));

        _store.Images.Remove(other.Id, force: false);
        Assert.Empty(_store.StoredFiles());
    }

    [Fact]
    public void An_image_that_a_container_uses_stays()
    {
        var image = Add("one", "one", Layer("content"));
        _store.Catalog.Write(connection => connection.Execute(
            "INSERT INTO containers (id, name, image_id, created, spec) VALUES ('c1', 'web', $id, 0, '{}')", ("$id", image.Id)));

        var error = Assert.Throws<ContainerToolsException>(() => _store.Images.Remove("one", force: false));
        Assert.Equal((ErrorKind.Conflict, "ImageInUse"), (error.Kind, error.Code));
        Assert.Contains("web", error.Message, StringComparison.Ordinal);

        _store.Images.Remove("one", force: true);
        var left = _store.Images.Get(image.Id);
        Assert.Empty(left.Tags);
        Assert.All(left.Layers, layer => Assert.True(_store.Layers.Contains(Digest.Parse(layer))));
    }

    [Fact]
    public void Layers_of_the_build_cache_and_of_operations_in_flight_are_not_garbage()
    {
        var cached = Layer("cached");
        var leased = Layer("leased");
        var loose = Layer("loose");
        _store.Catalog.Write(connection => connection.Execute(
            "INSERT INTO build_cache (key, diff_id, created, used) VALUES ('k', $id, 0, 0)", ("$id", cached.ToString())));
        using (var work = WorkDirectory.Create(_store.Layers, "test"))
        {
            Assert.NotNull(_store.Layers.Lease(leased, work));

            Assert.Equal([loose], _store.Layers.CollectGarbage());
        }

        Assert.Equal([leased], _store.Layers.CollectGarbage());
        Assert.True(_store.Layers.Contains(cached));
    }

    [Fact]
    public void A_tag_moves_only_by_force()
    {
        var one = Add("one", "name");
        var two = Add("two", "other");

        var error = Assert.Throws<ContainerToolsException>(() => _store.Images.AddTag(two.Id, ["name"], force: false));
        Assert.Equal("TagInUse", error.Code);
        Assert.Equal(one.Id, _store.Images.Get("name").Id);

        Assert.Equal(["name:latest", "other:latest"], _store.Images.AddTag(two.Id, ["name"], force: true).Tags);
        Assert.Empty(_store.Images.Get(one.Id).Tags);
    }

    [Fact]
    public void Sizes_tell_shared_from_own_layers()
    {
        var shared = Layer(new string('s', 1000));
        _ = Add("one", "one", shared, Layer(new string('o', 300)));
        _ = Add("two", "two", shared);

        var one = _store.Images.Get("one");

        Assert.Equal((1300L, 300L, 1000L), (one.Size, one.UniqueSize, one.SharedSize));
    }

    [Fact]
    public void An_images_documents_are_read_once_and_its_tags_each_time()
    {
        var image = Add("one", "one");
        _store.Catalog.Write(connection =>
        {
            connection.Execute("UPDATE images SET config = 'unreadable'");
            connection.Execute("UPDATE manifests SET content = CAST('unreadable' AS BLOB)");
        });

        _store.Images.AddTag(image.Id, ["other"], force: false);

        Assert.Equal(["one:latest", "other:latest"], _store.Images.Get("one").Tags);
        Assert.Equal("one", _store.Images.Get("other").Labels["purpose"]);

        // The control: who has not read them before cannot read them now.
        Assert.ThrowsAny<Exception>(() => new ImageStore(_store.Catalog, _store.Layers).Resolve("one"));
    }

    [Fact]
    public void The_list_passes_through_the_filter()
    {
        _ = Add("one", "one");
        var loose = Add("two", "two");
        _store.Images.RemoveTag("two");

        Assert.Equal([loose.Id], _store.Images.List(new ImageFilter { Dangling = true }).Select(image => image.Id));
        Assert.Equal(["one:latest"], _store.Images.List(new ImageFilter { Labels = new Dictionary<string, string?> { ["purpose"] = "one" } }).Select(image => image.Name));
        Assert.Empty(_store.Images.List(new ImageFilter { Labels = new Dictionary<string, string?> { ["absent"] = null } }));
        Assert.Equal(2, _store.Images.List().Count);
    }

    [Fact]
    public void Work_directories_of_dead_owners_are_found_and_living_ones_are_not()
    {
        using var living = WorkDirectory.Create(_store.Layers, "living");
        Directory.CreateDirectory(Path.Combine(_store.Paths.Work, "build-dead"));
        File.WriteAllText(Path.Combine(_store.Paths.Work, "build-dead", "file"), "");

        Assert.Equal(["build-dead"], WorkDirectory.FindAbandoned(_store.Paths));
        Assert.False(WorkDirectory.RemoveAbandoned(_store.Layers, living.Id));
        Assert.True(WorkDirectory.RemoveAbandoned(_store.Layers, "build-dead"));
        Assert.Empty(WorkDirectory.FindAbandoned(_store.Paths));
        Assert.True(Directory.Exists(living.Path));
    }

    private Digest Layer(string content) => _store.Unpack(TestStore.Tar(TestStore.File("file", content))).DiffId;

    private Image Add(string purpose, string tag, params Digest[] layers) => ((ImageOperations)_store.Images).ToImage(_store.ImageStore.Add(new ImageAddition
    {
        Config = new ImageConfigFile
        {
            Architecture = "amd64",
            OperatingSystem = "linux",
            Created = DateTimeOffset.UnixEpoch,
            Config = new ImageExecutionConfig { Labels = new Dictionary<string, string> { ["purpose"] = purpose } },
            RootFilesystem = new ImageRootFilesystem { DiffIds = layers },
        },
        Tags = [ImageReference.Parse(tag)],
    }));
}
