using ContainerTools.Linux;

namespace ContainerTools.Engine.Tests.Storage.Accounting;

/// <summary>The books against du(1).</summary>
public sealed class StorageUsageTests(FilledStore store) : IClassFixture<FilledStore>
{
    [Fact]
    public void The_kinds_together_are_what_du_finds() => store.AssertIsDu();

    [Fact]
    public void The_items_add_up_to_the_rows_and_each_has_a_place()
    {
        var rows = store.Storage.GetUsage().Where(row => row.Kind != StorageKind.Catalog).ToDictionary(row => row.Kind);
        var items = store.Storage.GetItems().Where(item => item.Kind != StorageKind.Catalog).ToLookup(item => item.Kind);
        Assert.All(rows.Values, row => Assert.Equal((row.Size, row.Reclaimable), (items[row.Kind].Sum(item => item.Size), items[row.Kind].Sum(item => item.Reclaimable))));
        Assert.All(items.SelectMany(item => item), item =>
        {
            Assert.Equal(item.Size, item.UniqueSize + item.SharedSize);
            Assert.InRange(item.Reclaimable, 0, item.Size);
            Assert.True(Path.Exists(item.Path) || new FileInfo(item.Path).LinkTarget is not null, item.Path);
        });
    }

    [Theory]
    [InlineData(StorageKind.Image, 3, 2)]
    [InlineData(StorageKind.Container, 2, 1)]
    [InlineData(StorageKind.Volume, 0, 0)]
    [InlineData(StorageKind.BuildCache, 2, 0)]
    [InlineData(StorageKind.Log, 2, 1)]
    [InlineData(StorageKind.Partial, 2, 1)]
    [InlineData(StorageKind.Work, 3, 0)]
    [InlineData(StorageKind.Other, 4, 0)]
    public void A_row_counts_what_there_is_and_what_is_in_use(StorageKind kind, int count, int active)
    {
        var row = Assert.Single(store.Storage.GetUsage(), row => row.Kind == kind);
        Assert.Equal((count, active), (row.Count, row.Active));
    }

    [Fact]
    public void A_layer_of_several_images_is_one_item_that_names_them()
    {
        var baseLayer = store.Engine.Images.Get("base").Layers[0];
        var item = Assert.Single(store.Storage.GetItems(), item => item.Id == baseLayer);
        Assert.Equal((StorageKind.Image, item.Size, 0L, 0L, true), (item.Kind, item.SharedSize, item.UniqueSize, item.Reclaimable, item.InUse));
        Assert.Equal(3, item.UsedBy.Count);
        Assert.Contains("base:latest", item.UsedBy);
        Assert.Contains("kept:latest", item.UsedBy);
        Assert.NotNull(item.LastUsed);
    }

    [Fact]
    public void Names_and_uses_are_told()
    {
        var items = store.Storage.GetItems();
        Assert.Equal("downloads", Assert.Single(items, item => item.Path.Contains("cache-mounts", StringComparison.Ordinal)).Name);
        var log = Assert.Single(items, item => item is { Kind: StorageKind.Log, Name: "stopped" });
        Assert.InRange(log.Size, FilledStore.LogLines * 50, FilledStore.LogLines * 200);
        Assert.False(log.InUse);
        Assert.True(Assert.Single(items, item => item is { Kind: StorageKind.Container, Name: "running" }).InUse);
        Assert.True(Assert.Single(items, item => item.Kind == StorageKind.Partial && item.Id == FilledStore.Hex('2')).InUse);
    }

    [Fact]
    public void A_tree_deeper_than_a_path_can_tell_is_measured()
    {
        var root = Directory.CreateDirectory(Path.Combine(store.Root, "deep-tree")).FullName;
        try
        {
            var current = DirectoryHandle.Open(root);
            for (var depth = 0; depth < 3000; depth++)
            {
                current.TryMakeDirectory("deeper"u8, 0x1c0);
                current.TryMakeDirectory("beside"u8, 0x1c0);
                var next = current.TryOpenDirectory("deeper"u8)!;
                current.Dispose();
                current = next;
            }

            using (current)
            using (var file = current.TryCreateFile("end"u8, 0x180)!)
            {
                file.Write(new byte[5000]);
            }

            var item = Assert.Single(store.Storage.GetItems(), item => item.Path == root);
            Assert.Equal(long.Parse(LayerRoundTripTests.Run("du", "-sx", "--block-size=1", root).Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture), item.Size);
            Assert.True(item.Size > 5000);
        }
        finally
        {
            LayerRoundTripTests.Run("rm", "-rf", root);
        }
    }

    [Fact]
    public async Task Files_that_vanish_meanwhile_do_no_harm()
    {
        var directory = Directory.CreateDirectory(Path.Combine(store.Root, "restless")).FullName;
        using var end = new CancellationTokenSource();
        var restless = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                var sub = Directory.CreateDirectory(Path.Combine(directory, "sub/sub")).FullName;
                File.WriteAllText(Path.Combine(sub, "file"), "text");
                Directory.Delete(Path.Combine(directory, "sub"), recursive: true);
            }
        }, TestContext.Current.CancellationToken);
        try
        {
            for (var round = 0; round < 30; round++)
            {
                Assert.NotEmpty(store.Storage.GetUsage());
            }
        }
        finally
        {
            await end.CancelAsync();
            await restless;
            Directory.Delete(directory, recursive: true);
        }
    }
}
