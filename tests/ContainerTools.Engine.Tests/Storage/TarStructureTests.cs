using System.Diagnostics;
using System.Text;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;
using ContainerTools.Oci.Tar;
using static ContainerTools.Engine.Tests.Storage.TestStore;

namespace ContainerTools.Engine.Tests.Storage;

/// <summary>Layers whose tar is put together again from its structure and the tree, so that nothing is stored twice.</summary>
public sealed class TarStructureTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_plain_layer_is_stored_once_and_exported_bit_by_bit()
    {
        var content = new string('x', 700_001);
        var tar = Tar(
            Directory_("d/"),
            File("d/big", content),
            File("d/empty", ""),
            (new TarEntry { Kind = TarEntryKind.File, Name = "d/.wh.gone"u8.ToArray() }, "content that nobody reads"),
            Link("link", "d"),
            HardLink("twin", "d/big"),
            File(string.Join('/', Enumerable.Repeat("directory-with-a-long-name", 8)) + "/ünïcode", "deep"),
            File("link/through", "by a link"));

        var layer = Unpack(tar);

        Assert.Equal(BlobForm.Structure, layer.Form);
        Assert.Equal(tar, Blob(layer));
        Assert.False(System.IO.File.Exists(_store.Layers.BlobPathOf(layer.BlobDigest)));
        Assert.InRange(new FileInfo(_store.Layers.StructurePathOf(layer.DiffId)).Length, 1, 4000);
    }

    [Theory]
    [InlineData("gnu")]
    [InlineData("pax")]
    [InlineData("ustar")]
    [InlineData("v7")]
    public void Tars_of_other_programs_come_out_as_they_went_in(string format)
    {
        var source = Path.Combine(_store.Directory, "source");
        Directory.CreateDirectory(Path.Combine(source, "d"));
        System.IO.File.WriteAllText(Path.Combine(source, "d", "file"), "content");
        System.IO.File.CreateSymbolicLink(Path.Combine(source, "link"), "d/file");
        if (format is "gnu" or "pax")
        {
            System.IO.File.WriteAllText(Path.Combine(source, new string('n', 200)), "long");
        }

        var path = _store.PathOf("other.tar");
        using (var tar = Process.Start("tar", ["--format", format, "--blocking-factor=40", "-cf", path, "-C", source, "."]))
        {
            tar.WaitForExit();
            Assert.Equal(0, tar.ExitCode);
        }

        var bytes = System.IO.File.ReadAllBytes(path);
        Assert.Equal(bytes, Blob(Unpack(bytes)));
    }

    [Fact]
    public void Many_entries_without_content_are_written_in_pieces()
    {
        var tar = Tar([.. Enumerable.Range(0, 1000).Select(number => Directory_($"d{number}/"))]);
        Assert.Equal(tar, Blob(Unpack(tar)));
    }

    [Fact]
    public void What_a_later_entry_replaces_makes_the_blob_be_kept()
    {
        var tar = Tar(File("a", "first"), File("b"), File("a", "second"));

        var layer = Unpack(tar);

        Assert.Equal(BlobForm.File, layer.Form);
        Assert.Equal("second", System.IO.File.ReadAllText(Path.Combine(_store.Layers.PathOf(layer.DiffId), "a")));
        Assert.Equal(tar, Blob(layer));
        Assert.False(System.IO.File.Exists(_store.Layers.StructurePathOf(layer.DiffId)));
    }

    [Fact]
    public void A_source_that_changes_before_it_is_read_again_is_refused_and_leaves_nothing()
    {
        var tar = Tar(File("a", "first"), File("a", "second"));
        var source = new LayerSource { Name = "test.tar", Reopen = () => new MemoryStream(Tar(File("a", "third"), File("a", "second"))) };

        Assert.Equal("DigestMismatch", Assert.Throws<ContainerToolsException>(() => _store.Unpack(tar, source)).Code);

        Assert.Empty(_store.StoredFiles());
    }

    [Fact]
    public void After_a_power_cut_the_tree_is_made_again_when_its_contents_are_whole()
    {
        var layer = Unpack(Tar(File("a", "content"), Directory_("d/")));
        var path = Path.Combine(_store.Layers.PathOf(layer.DiffId), "a");
        System.IO.File.SetUnixFileMode(path, UnixFileMode.None);
        Reboot();

        Assert.Equal([layer.DiffId], _store.Layers.Recover(CancellationToken.None));

        Assert.Equal((UnixFileMode)0x1a4, System.IO.File.GetUnixFileMode(path));
        Assert.Equal(Blob(layer), Blob(_store.Layers.Get(layer.DiffId)));
    }

    [Theory]
    [InlineData("shorter", "LayerDamaged")]
    [InlineData("gone", "LayerDamaged")]
    [InlineData("other", "DigestMismatch")]
    public void A_file_changed_behind_the_engines_back_is_noticed(string how, string code)
    {
        var layer = Unpack(Tar(File("d/a", "content")));
        var path = Path.Combine(_store.Layers.PathOf(layer.DiffId), "d", "a");
        System.IO.File.Delete(path);
        if (how != "gone")
        {
            System.IO.File.WriteAllText(path, how == "other" ? "CONTENT" : "con");
        }

        var error = Assert.Throws<ContainerToolsException>(() => Blob(layer));
        Assert.Equal(code, error.Code);
        Assert.True(how == "other" || error.Message.Contains("'d/a'", StringComparison.Ordinal), error.Message);

        Reboot();
        Assert.Empty(_store.Layers.Recover(CancellationToken.None));
        Assert.Equal(layer, Unpack(Tar(File("d/a", "content"))));
        Assert.Equal("content", Encoding.UTF8.GetString(System.IO.File.ReadAllBytes(path)));
    }

    [Fact]
    public void The_structure_goes_with_its_layer_and_an_orphan_is_found()
    {
        var layer = Unpack(Tar(File("a")));
        var orphan = _store.Layers.StructurePathOf(Digest.Of("orphan"u8.ToArray()));
        System.IO.File.WriteAllText(orphan, "");
        Assert.Equal([orphan], _store.Layers.FindOrphans());
        _store.Layers.RemoveOrphan(orphan);

        Assert.Equal([layer.DiffId], _store.Layers.CollectGarbage());

        Assert.Empty(_store.StoredFiles());
    }

    private LayerRecord Unpack(byte[] tar) => _store.Unpack(tar, new LayerSource { Name = "test.tar", Reopen = () => new MemoryStream(tar) });

    private byte[] Blob(LayerRecord layer)
    {
        using var output = new MemoryStream();
        _store.Layers.WriteBlob(layer, output, TestContext.Current.CancellationToken);
        return output.ToArray();
    }

    private void Reboot() => _store.Catalog.Write(connection => connection.Execute("UPDATE layers SET unsynced_boot = 'another boot' WHERE unsynced_boot IS NOT NULL"));
}
