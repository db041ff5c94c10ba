using System.IO.Compression;
using System.Text;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;
using ContainerTools.Oci.Tar;
using static ContainerTools.Engine.Tests.Storage.TestStore;

namespace ContainerTools.Engine.Tests.Storage;

/// <summary>Archives that attack. Each refusal must also leave nothing behind.</summary>
public sealed class HostileLayerTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("../escaped")]
    [InlineData("a/../../escaped")]
    [InlineData("/../escaped")]
    [InlineData("a/..")]
    public void A_path_with_dot_dot_is_refused(string name) => AssertRefused("PathTraversal", Tar(File(name)));

    [Theory]
    [InlineData(".wh...")]
    [InlineData("a/.wh...")]
    [InlineData(".wh..")]
    [InlineData(".wh.")]
    public void A_whiteout_that_deletes_no_name_is_refused(string name) => AssertRefused("PathTraversal", Tar(File(name, "")));

    [Fact]
    public void An_absolute_path_lands_in_the_layer()
    {
        var layer = _store.Unpack(Tar(File("/etc/made-by-a-test", "inside")));

        Assert.Equal("inside", System.IO.File.ReadAllText(Path.Combine(_store.Layers.PathOf(layer.DiffId), "etc/made-by-a-test")));
        Assert.False(System.IO.File.Exists("/etc/made-by-a-test"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Writing_through_a_link_to_the_outside_stays_in_the_layer(bool absolute)
    {
        var outside = _store.PathOf("outside");
        System.IO.Directory.CreateDirectory(outside);
        var target = absolute ? outside : "../../../../../../../.." + outside;

        // The control: plain file operations follow that link to the outside.
        System.IO.Directory.CreateSymbolicLink(_store.PathOf("control"), target);
        Assert.True(!absolute || System.IO.Directory.Exists(_store.PathOf("control")));

        var layer = _store.Unpack(Tar(Directory_(outside.TrimStart('/') + "/"), Link("a", target), File("a/written", "inside")));

        Assert.Empty(System.IO.Directory.GetFileSystemEntries(outside));
        Assert.Equal("inside", System.IO.File.ReadAllText(_store.Layers.PathOf(layer.DiffId) + outside + "/written"));
    }

    [Fact]
    public void A_file_replaces_a_link_instead_of_writing_through_it()
    {
        var victim = _store.PathOf("victim");
        System.IO.File.WriteAllText(victim, "untouched");

        var layer = _store.Unpack(Tar(Link("a", victim), File("a", "new")));

        Assert.Equal("untouched", System.IO.File.ReadAllText(victim));
        Assert.Null(new FileInfo(Path.Combine(_store.Layers.PathOf(layer.DiffId), "a")).LinkTarget);
    }

    [Theory]
    [InlineData("../../victim", "PathTraversal")]
    [InlineData("missing", "HardLinkTargetMissing")]
    [InlineData("", "HardLinkTargetMissing")]
    public void A_hard_link_to_what_the_layer_does_not_hold_is_refused(string target, string code) =>
        AssertRefused(code, Tar(File("a"), HardLink("b", target)));

    [Fact]
    public void A_hard_link_through_a_symbolic_link_cannot_reach_the_outside()
    {
        System.IO.Directory.CreateDirectory(_store.PathOf("outside"));
        System.IO.File.WriteAllText(_store.PathOf("outside/victim"), "secret");

        AssertRefused("HardLinkTargetMissing", Tar(Link("a", _store.PathOf("outside")), HardLink("b", "a/victim")));
    }

    [Fact]
    public void The_last_of_several_entries_of_one_name_wins()
    {
        var layer = _store.Unpack(Tar(
            File("a", "first"), Directory_("a/"), File("a/b", "below"), File("a", "last"), Link("c", "a"), Directory_("c/"), File("c/d", "real")));

        var root = _store.Layers.PathOf(layer.DiffId);
        Assert.Equal("last", System.IO.File.ReadAllText(Path.Combine(root, "a")));
        Assert.Equal("real", System.IO.File.ReadAllText(Path.Combine(root, "c/d")));
        Assert.Equal(4 + 4, layer.Size);
    }

    [Fact]
    public void A_link_loop_is_refused() => AssertRefused("LinkLoop", Tar(Link("a", "b"), Link("b", "a"), File("a/x")));

    [Fact]
    public void More_entries_than_the_limit_are_refused()
    {
        var tar = Tar([.. Enumerable.Range(0, 51).Select(number => File($"f{number}", ""))]);

        var error = AssertRefused("TooManyEntries", tar, limits: new LayerLimits(50, new ByteBudget(1 << 20)));

        Assert.Contains("50", error.Message, StringComparison.Ordinal);
        Assert.Equal(1_000_000, LayerLimits.ForImport().MaximumEntries);
    }

    [Fact]
    public void A_gzip_bomb_is_refused_in_bounded_memory()
    {
        // 256 MB of zeros in less than 2 MB, and no tar end marker among them: the limit must stop it.
        var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Tar(File("a")).AsSpan(0, 1024));
            var zeros = new byte[1 << 20];
            for (var megabyte = 0; megabyte < 256; megabyte++)
            {
                gzip.Write(zeros);
            }
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var error = AssertRefused("LayerTooLarge", bomb.ToArray(), limits: LayerLimits.ForImport(16 << 20));

        Assert.Contains((16 << 20).ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64 << 20);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(700)]
    [InlineData(1200)]
    [InlineData(1536)]
    public void A_truncated_tar_is_refused(int length) => AssertRefused("TarTruncated", Tar(File("a", new string('x', 900)))[..length]);

    [Fact]
    public void A_damaged_header_is_refused()
    {
        var tar = Tar(File("a"));
        tar[0] ^= 1;

        AssertRefused("InvalidTar", tar);
    }

    [Fact]
    public void Truncated_gzip_is_refused()
    {
        var blob = new MemoryStream();
        using (var gzip = new GZipStream(blob, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Tar(File("a", new string('x', 5000))));
        }

        var error = Assert.Throws<ContainerToolsException>(() => _store.Unpack(blob.ToArray()[..^20]));

        Assert.Equal(ErrorKind.DataLoss, error.Kind);
        Assert.Empty(_store.StoredFiles());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wrong_digest_is_refused(bool ofBlob)
    {
        var wrong = Digest.Of("something else"u8);

        var error = AssertRefused(
            "DigestMismatch",
            Tar(File("a")),
            new LayerSource { Name = "wrong", BlobDigest = ofBlob ? wrong : null, DiffId = ofBlob ? null : wrong });

        Assert.Contains(wrong.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blob_longer_than_its_descriptor_says_is_refused() =>
        AssertRefused("SizeMismatch", Tar(File("a")), new LayerSource { Name = "long", BlobSize = 600 });

    [Fact]
    public void Overlay_attributes_of_an_archive_are_not_applied()
    {
        var entry = new TarEntry
        {
            Kind = TarEntryKind.Directory,
            Name = "d/"u8.ToArray(),
            Mode = 0x1ed,
            Attributes = [new TarAttribute("trusted.overlay.redirect"u8.ToArray(), "/etc"u8.ToArray()), new TarAttribute("user.kept"u8.ToArray(), [1, 0xff])],
        };

        var layer = _store.Unpack(Tar((entry, "")));

        using var directory = Linux.DirectoryHandle.Open(Path.Combine(_store.Layers.PathOf(layer.DiffId), "d"));
        Assert.Equal(["user.kept"], directory.GetAttributeNames(default).Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public void Unsupported_compression_is_named()
    {
        var error = AssertRefused("CompressionNotSupported", [0xfd, .. "7zXZ"u8, 0, 1, 2, 3]);

        Assert.Contains("xz", error.Message, StringComparison.Ordinal);
    }

    private ContainerToolsException AssertRefused(string code, byte[] blob, LayerSource? source = null, LayerLimits? limits = null)
    {
        var outside = System.IO.Directory.GetFileSystemEntries(_store.Directory);
        var error = Assert.Throws<ContainerToolsException>(() => _store.Unpack(blob, source, limits));
        Assert.Equal(code, error.Code);
        Assert.Empty(_store.StoredFiles());
        Assert.Equal(outside, System.IO.Directory.GetFileSystemEntries(_store.Directory));
        return error;
    }
}
