using ContainerTools.Engine.Storage;
using ContainerTools.Engine.Tests.Containers;

namespace ContainerTools.Engine.Tests.Host;

public sealed class LockedStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private EngineOptions Options => new() { Root = _directory.PathOf("root"), Run = _directory.PathOf("run"), RuntimePath = EngineFixture.RuntimePath };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_store_that_another_process_keeps_locked_is_told_after_the_wait_with_the_process()
    {
        using var worker = await WorkerProcess.StartAsync(Options, "lock");
        worker.Go();
        await worker.SaysAsync("locked");
        using var catalog = new Catalog(Path.Combine(Options.Root, "catalog.db"), TimeSpan.FromSeconds(1));
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var error = Assert.Throws<ContainerToolsException>(() => catalog.Write(connection => connection.Execute("DELETE FROM tags")));

        Assert.Equal((ErrorKind.Unavailable, "StoreLocked"), (error.Kind, error.Code));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.9, 10);
        Assert.Contains($"process {worker.Id} (", error.Message);
        Assert.NotNull(error.RecommendedAction);

        // Readers are not kept out, and the lock ends with its holder, whatever becomes of it.
        Assert.Equal(0, catalog.Read(connection => connection.Scalar<long>("SELECT COUNT(*) FROM tags")));
        worker.Kill();
        catalog.Write(connection => connection.Execute("DELETE FROM tags"));
    }

    [Fact]
    public void CVE_2021_41091_nobody_else_walks_into_a_store()
    {
        using var engine = new ContainerEngineFactory().Open(Options);
        const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        foreach (var directory in (string[])[Options.Root, Options.Run])
        {
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(directory) & Others);
        }

        // The control: a directory made without a thought is open to all.
        Assert.NotEqual(UnixFileMode.None, File.GetUnixFileMode(Directory.CreateDirectory(_directory.PathOf("other")).FullName) & Others);
    }

    [Fact]
    public void A_catalogue_that_is_no_database_is_told()
    {
        Directory.CreateDirectory(Options.Root);
        File.WriteAllText(Path.Combine(Options.Root, "catalog.db"), new string('x', 5000));

        var error = Assert.Throws<ContainerToolsException>(() => new ContainerEngineFactory().Open(Options));

        Assert.Equal((ErrorKind.DataLoss, "CatalogDamaged"), (error.Kind, error.Code));
    }

    [Fact]
    public void A_store_that_cannot_be_made_is_told()
    {
        File.WriteAllText(_directory.PathOf("root"), "");

        var error = Assert.Throws<ContainerToolsException>(() => new ContainerEngineFactory().Open(Options));

        Assert.Equal((ErrorKind.Unavailable, "StoreUnavailable"), (error.Kind, error.Code));
    }
}
