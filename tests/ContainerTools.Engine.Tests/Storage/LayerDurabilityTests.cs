using ContainerTools.Engine.Storage;
using ContainerTools.Oci;
using static ContainerTools.Engine.Tests.Storage.TestStore;

namespace ContainerTools.Engine.Tests.Storage;

/// <summary>Power cuts, played by marking a layer with another boot and damaging what the disk would not have had.</summary>
public sealed class LayerDurabilityTests : IDisposable
{
    private static readonly byte[] s_tar = Tar(File("a", "content"), Directory_("d/"), File("d/b", "more"));
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_layer_is_marked_until_it_is_on_the_disk()
    {
        var layer = _store.Unpack(s_tar);
        Assert.Equal([layer.DiffId], _store.Layers.FindUnsettled());

        Settle();

        Assert.Empty(_store.Layers.FindUnsettled());
        Assert.True(_store.Layers.Contains(layer.DiffId));
    }

    [Fact]
    public void A_settled_layer_outlives_a_reboot_and_a_marked_one_counts_as_missing()
    {
        var settled = _store.Unpack(s_tar);
        Settle();
        var marked = _store.Unpack(Tar(File("other")));

        Reboot();

        Assert.True(_store.Layers.Contains(settled.DiffId));
        Assert.False(_store.Layers.Contains(marked.DiffId));
        Assert.Equal("LayerNotFound", Assert.Throws<ContainerToolsException>(() => _store.Layers.Get(marked.DiffId)).Code);
    }

    [Fact]
    public void An_imported_layer_is_unpacked_again_from_its_blob()
    {
        var layer = _store.Unpack(s_tar);
        System.IO.File.WriteAllText(Path.Combine(_store.Layers.PathOf(layer.DiffId), "a"), "");
        Reboot();

        Assert.Equal([layer.DiffId], _store.Layers.Recover(CancellationToken.None));

        Assert.Equal("content", System.IO.File.ReadAllText(Path.Combine(_store.Layers.PathOf(layer.DiffId), "a")));
        Assert.Equal(layer, _store.Layers.Get(layer.DiffId));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Paths.Work));
    }

    [Fact]
    public void A_layer_whose_blob_is_damaged_too_stays_missing_and_can_be_imported_again()
    {
        var layer = _store.Unpack(s_tar);
        System.IO.File.WriteAllBytes(_store.Layers.BlobPathOf(layer.BlobDigest), s_tar[..700]);
        Reboot();

        Assert.Empty(_store.Layers.Recover(CancellationToken.None));
        Assert.False(_store.Layers.Contains(layer.DiffId));

        Assert.Equal(layer, _store.Unpack(s_tar));
        Assert.True(_store.Layers.Contains(layer.DiffId));
        Assert.Equal(s_tar, System.IO.File.ReadAllBytes(_store.Layers.BlobPathOf(layer.BlobDigest)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_layer_without_a_blob_is_read_whole(bool damaged)
    {
        using var work = WorkDirectory.Create(_store.Layers, "test");
        var tree = work.NewDirectory("tree");
        System.IO.File.WriteAllText(Path.Combine(tree, "a"), "content");
        var layer = _store.Layers.Commit(tree, work);
        if (damaged)
        {
            System.IO.File.WriteAllText(Path.Combine(_store.Layers.PathOf(layer.DiffId), "a"), "");
        }

        Reboot();

        Assert.Equal(damaged ? [] : [layer.DiffId], _store.Layers.Recover(CancellationToken.None));
        Assert.Equal(!damaged, _store.Layers.Contains(layer.DiffId));
    }

    [Fact]
    public void A_lost_layer_of_the_build_cache_is_garbage()
    {
        var layer = _store.Unpack(s_tar).DiffId;
        _store.Catalog.Write(connection => connection.Execute("INSERT INTO build_cache (key, diff_id, created, used) VALUES ('k', $id, 0, 0)", ("$id", layer.ToString())));
        Assert.Empty(_store.Layers.FindGarbage());

        Reboot();

        Assert.Equal([layer], _store.Layers.FindGarbage());
        Assert.Equal([layer], _store.Layers.CollectGarbage());
        Assert.Empty(_store.StoredFiles());
    }

    private void Settle()
    {
        var found = _store.Layers.FindUnsettled();
        _store.Layers.Sync();
        _store.Layers.MarkSettled(found);
    }

    private void Reboot() => _store.Catalog.Write(connection => connection.Execute("UPDATE layers SET unsynced_boot = 'an earlier boot' WHERE unsynced_boot IS NOT NULL"));
}
