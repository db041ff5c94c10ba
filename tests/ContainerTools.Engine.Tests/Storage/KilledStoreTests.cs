using System.Globalization;
using ContainerTools.Engine.Tests.Host;
using ContainerTools.Engine.Tests.Storage.Accounting;

namespace ContainerTools.Engine.Tests.Storage;

/// <summary>
/// A process that builds, imports, runs, removes and clears is killed at random, again and again: after a repair the store is whole, and each of its bytes belongs to something.
/// <c>CONTAINERTOOLS_KILLS</c> says how often; a dozen times unless told otherwise.
/// </summary>
public sealed class KilledStoreTests(FilledStore store) : IClassFixture<FilledStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_was_cut_off_a_repair_leaves_a_whole_store()
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("CONTAINERTOOLS_KILLS") ?? "12", CultureInfo.InvariantCulture);
        var archive = Path.Combine(Path.GetDirectoryName(store.Root)!, "base.tar");
        await store.Engine.Images.ExportAsync(new ImageExportRequest { Images = ["base"], Path = archive }, null, Token);
        store.RemoveForeignFiles();
        for (var round = 0; round < rounds; round++)
        {
            var seed = Random.Shared.Next();
            using (var worker = await WorkerProcess.StartAsync(store.Host.Options, "hammer", archive, seed.ToString(CultureInfo.InvariantCulture), archive + ".ledger", "60"))
            {
                worker.Go();
                await Task.Delay(Random.Shared.Next(20, 1500), Token);
                worker.Kill();
            }

            Assert.All(store.Engine.Repair(apply: true), action => Assert.True(action.Repaired, action.ToString()));
            Assert.All(await CheckAsync(repair: true), issue => Assert.True(issue.Repaired, issue.ToString()));
            Assert.Empty(store.Engine.Repair(apply: false));
            Assert.Empty(await CheckAsync(deep: round % 4 == 3 || round == rounds - 1));
            AssertExplained();
            if (round % 3 == 2)
            {
                await RemoveContainersAsync();
                Assert.All(await store.Storage.ClearAsync(new ReclaimRequest { All = true }, null, Token), result => Assert.True(result.Removed, result.ToString()));
                await store.Engine.Images.ImportAsync(new ImageImportRequest { Path = archive, Tags = ["base"] }, null, Token);
            }
        }
    }

    private Task<IReadOnlyList<StorageIssue>> CheckAsync(bool repair = false, bool deep = false) =>
        store.Storage.CheckAsync(new StorageCheckRequest { Repair = repair, Deep = deep }, null, Token);

    private void AssertExplained()
    {
        Assert.All(store.Storage.GetUsage().Where(row => row.Kind is StorageKind.Work or StorageKind.Other), row => Assert.Equal((0, 0L), (row.Count, row.Size)));
        store.AssertIsDu();
    }

    private async Task RemoveContainersAsync()
    {
        foreach (var container in store.Host.Containers.List())
        {
            await store.Host.Containers.RemoveAsync(container.Id, force: true, Token);
        }
    }
}
