using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux;
using ContainerTools.Oci;
using ContainerTools.Oci.Tar;
using static ContainerTools.Engine.Tests.Storage.TestStore;

namespace ContainerTools.Engine.Tests.Storage;

public sealed class LayerRoundTripTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Everything_a_file_has_survives_unpacking_and_packing()
    {
        var longName = string.Join('/', Enumerable.Repeat("directory-with-a-long-name", 8)) + "/ünïcode";
        var original = Tar(
            Directory_("d/", 0x3ff),
            (new TarEntry { Kind = TarEntryKind.Fifo, Name = "d/fifo"u8.ToArray(), Mode = 0x180, ModifiedSeconds = 5 }, ""),
            (new TarEntry { Kind = TarEntryKind.CharacterDevice, Name = "d/null"u8.ToArray(), Mode = 0x1b6, DeviceMajor = 1, DeviceMinor = 3 }, ""),
            (new TarEntry
            {
                Kind = TarEntryKind.File,
                Name = "d/tool"u8.ToArray(),
                Mode = 0x9ed,
                Owner = 70000,
                Group = 3_000_000,
                ModifiedSeconds = -5,
                ModifiedNanoseconds = 250_000_000,
                Attributes =
                [
                    new TarAttribute("security.capability"u8.ToArray(), [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
                    new TarAttribute("user.binary"u8.ToArray(), [0xff, 0, 0xfe, (byte)'\n', (byte)'=']),
                ],
            }, "tool"),
            (new TarEntry { Kind = TarEntryKind.HardLink, Name = "d/twin"u8.ToArray(), LinkName = "d/tool"u8.ToArray(), Mode = 0x9ed, Owner = 70000, Group = 3_000_000, ModifiedSeconds = -5, ModifiedNanoseconds = 250_000_000 }, ""),
            (new TarEntry { Kind = TarEntryKind.SymbolicLink, Name = "link"u8.ToArray(), LinkName = "/no/where"u8.ToArray(), Mode = 0x1ff, Owner = 7, ModifiedSeconds = 9 }, ""));
        var layer = _store.Unpack(original);

        var again = new MemoryStream();
        _ = LayerTar.Write(_store.Layers.PathOf(layer.DiffId), again, null, CancellationToken.None);

        Assert.Equal(original, again.ToArray());
        Assert.Equal(4, layer.Size);
        Assert.Equal(Encoding.UTF8.GetBytes(longName), UnpackAndFindDeepest(longName));
    }

    [Theory]
    [InlineData(MediaTypes.Layer)]
    [InlineData(MediaTypes.LayerGzip)]
    [InlineData(MediaTypes.LayerZstd)]
    public void Compression_is_recognised_and_both_digests_are_taken(string mediaType)
    {
        var tar = Tar(File("a", new string('a', 100_000)));
        var blob = Compress(tar, mediaType);

        var layer = _store.Unpack(blob, new LayerSource { Name = "test", BlobDigest = Digest.Of(blob), DiffId = Digest.Of(tar) });

        Assert.Equal(mediaType, layer.MediaType);
        Assert.Equal((Digest.Of(tar), Digest.Of(blob), (long)blob.Length, 100_000L), (layer.DiffId, layer.BlobDigest, layer.BlobSize, layer.Size));
        var output = new MemoryStream();
        _store.Layers.WriteBlob(layer, output, CancellationToken.None);
        Assert.Equal(blob, output.ToArray());
        output.SetLength(0);
        _store.Layers.WriteTar(layer, output, CancellationToken.None);
        Assert.Equal(tar, output.ToArray());
    }

    [Fact]
    public void Deletions_take_overlay_form_and_come_back_as_whiteouts()
    {
        var original = Tar(
            Directory_("d/"),
            (new TarEntry { Kind = TarEntryKind.File, Name = "d/.wh..wh..opq"u8.ToArray() }, ""),
            File("d/kept"),
            (new TarEntry { Kind = TarEntryKind.File, Name = ".wh.gone"u8.ToArray() }, ""));
        var layer = _store.Unpack(original);

        using var root = DirectoryHandle.Open(_store.Layers.PathOf(layer.DiffId));
        Assert.True(root.GetStatus("gone"u8).IsWhiteout);
        Assert.Equal("y"u8.ToArray(), root.TryGetAttribute("d"u8, "trusted.overlay.opaque"u8));
        var again = new MemoryStream();
        _ = LayerTar.Write(_store.Layers.PathOf(layer.DiffId), again, null, CancellationToken.None);
        Assert.Equal(Names(original).Order(), Names(again.ToArray()).Order());
    }

    [Fact]
    public void A_name_deleted_and_made_by_one_layer_hides_what_is_below()
    {
        var layer = _store.Unpack(Tar(File(".wh.d", ""), Directory_("d/"), File("d/x"), File("f"), File(".wh.f", "")));

        using var root = DirectoryHandle.Open(_store.Layers.PathOf(layer.DiffId));
        Assert.Equal("y"u8.ToArray(), root.TryGetAttribute("d"u8, "trusted.overlay.opaque"u8));
        Assert.Equal(FileKind.Regular, root.GetStatus("f"u8).Kind);
    }

    [Fact]
    public void A_committed_tree_moves_into_the_store_and_its_tar_can_be_made_again()
    {
        using var work = WorkDirectory.Create(_store.Layers, "test");
        var first = MakeTree(work);
        var second = MakeTree(work);

        var layer = _store.Layers.Commit(first, work);
        var same = _store.Layers.Commit(second, work);

        Assert.Equal(layer, same);
        Assert.False(System.IO.Directory.Exists(first) || System.IO.Directory.Exists(second));
        var tar = new MemoryStream();
        _store.Layers.WriteBlob(layer, tar, CancellationToken.None);
        Assert.Equal((layer.DiffId, layer.BlobSize), (Digest.Of(tar.ToArray()), tar.Length));
    }

    [Fact]
    public void A_latest_time_makes_trees_of_different_age_one_layer()
    {
        using var work = WorkDirectory.Create(_store.Layers, "test");
        var options = new LayerCommit { LatestTime = DateTimeOffset.UnixEpoch.AddDays(1) };
        var first = _store.Layers.Commit(MakeTree(work, DateTime.UnixEpoch.AddDays(300)), work, options);
        var second = _store.Layers.Commit(MakeTree(work, DateTime.UnixEpoch.AddDays(400)), work, options);

        Assert.Equal(first.DiffId, second.DiffId);
    }

    [Fact]
    public void A_layer_changed_behind_the_stores_back_is_not_given_out()
    {
        using var work = WorkDirectory.Create(_store.Layers, "test");
        var layer = _store.Layers.Commit(MakeTree(work), work);
        System.IO.File.WriteAllText(Path.Combine(_store.Layers.PathOf(layer.DiffId), "a"), "changed");

        var error = Assert.Throws<ContainerToolsException>(() => _store.Layers.WriteBlob(layer, Stream.Null, CancellationToken.None));
        Assert.Equal("DigestMismatch", error.Code);
    }

    [Fact]
    public void Our_tar_reads_in_GNU_tar_and_GNU_tars_reads_in_ours()
    {
        using var work = WorkDirectory.Create(_store.Layers, "test");
        var layer = _store.Layers.Commit(MakeTree(work), work);
        var file = _store.PathOf("layer.tar");
        using (var output = System.IO.File.Create(file))
        {
            _store.Layers.WriteTar(layer, output, CancellationToken.None);
        }

        Assert.Equal("a\nlonger/\nlonger/" + new string('n', 150) + "\n", Run("tar", "-tf", file));
        foreach (var format in new[] { "gnu", "pax", "ustar" })
        {
            var theirs = _store.PathOf(format + ".tar");
            _ = Run("tar", "--format", format, "-cf", theirs, "-C", _store.Layers.PathOf(layer.DiffId), "a", "--exclude=nnn*", "longer");
            var read = _store.Unpack(System.IO.File.ReadAllBytes(theirs));
            Assert.Equal("content", System.IO.File.ReadAllText(Path.Combine(_store.Layers.PathOf(read.DiffId), "a")));
        }
    }

    internal static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors.Result}");
        return output;
    }

    private static string MakeTree(WorkDirectory work, DateTime? time = null)
    {
        var tree = work.NewDirectory("tree");
        var directory = Path.Combine(tree, "longer");
        System.IO.Directory.CreateDirectory(directory);
        System.IO.File.WriteAllText(Path.Combine(tree, "a"), "content");
        System.IO.File.WriteAllText(Path.Combine(directory, new string('n', 150)), "long name");
        foreach (var path in new[] { Path.Combine(directory, new string('n', 150)), Path.Combine(tree, "a") })
        {
            System.IO.File.SetLastWriteTimeUtc(path, time ?? DateTime.UnixEpoch.AddDays(1));
        }

        System.IO.Directory.SetLastWriteTimeUtc(directory, time ?? DateTime.UnixEpoch.AddDays(1));
        return tree;
    }

    private static byte[] Compress(byte[] tar, string mediaType)
    {
        var output = new MemoryStream();
        using (Stream stream = mediaType switch
        {
            MediaTypes.LayerGzip => new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true),
            MediaTypes.LayerZstd => new ZstdSharp.CompressionStream(output, leaveOpen: true),
            _ => new BufferedStream(output),
        })
        {
            stream.Write(tar);
            stream.Flush();
            return mediaType == MediaTypes.Layer ? output.ToArray() : Finish(stream, output);
        }
    }

    private static byte[] Finish(Stream stream, MemoryStream output)
    {
        stream.Dispose();
        return output.ToArray();
    }

    private static IEnumerable<string> Names(byte[] tar)
    {
        var reader = new TarReader(new MemoryStream(tar));
        while (reader.Next() is { } entry)
        {
            yield return entry.DisplayName;
        }
    }

    private byte[] UnpackAndFindDeepest(string name)
    {
        var layer = _store.Unpack(Tar(File(name)));
        var root = _store.Layers.PathOf(layer.DiffId);
        return Encoding.UTF8.GetBytes(System.IO.Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Single()[(root.Length + 1)..]);
    }
}
