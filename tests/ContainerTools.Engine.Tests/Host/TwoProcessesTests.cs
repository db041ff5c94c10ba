using System.Text.Json;
using ContainerTools.Engine.Tests.Containers;
using ContainerTools.Engine.Worker;

namespace ContainerTools.Engine.Tests.Host;

public class TwoProcessesTests(EngineFixture host) : IClassFixture<EngineFixture>
{
    private const int Seconds = 60;
    private static readonly string[] Operations = ["build", "clear", "contend", "import", "remove container", "remove image", "run", "start"];

    [Fact]
    public async Task A_minute_of_two_processes_on_one_store_loses_nothing()
    {
        var directory = Directory.CreateTempSubdirectory("ct-hammer-").FullName;
        try
        {
            var archive = Path.Combine(directory, "archive.tar");
            await host.Engine.Images.ExportAsync(new ImageExportRequest { Images = [EngineFixture.BaseImage], Path = archive }, null, TestContext.Current.CancellationToken);
            string[] ledgers = [Path.Combine(directory, "1.json"), Path.Combine(directory, "2.json")];
            var workers = await Task.WhenAll(ledgers.Select((ledger, index) =>
                WorkerProcess.StartAsync(host.Options, "hammer", archive, $"{index + 1}", ledger, $"{Seconds}")));
            foreach (var worker in workers)
            {
                worker.Go();
            }

            await Task.WhenAll(workers.Select(worker => worker.EndAsync()));
            foreach (var ledger in ledgers)
            {
                await CheckAsync(JsonSerializer.Deserialize<Ledger>(await File.ReadAllTextAsync(ledger, TestContext.Current.CancellationToken))!, directory);
            }

            Assert.Empty(host.Engine.Repair(apply: false));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Everything that was reported made and not removed is there, and whole: every blob is read and its digest compared.</summary>
    private async Task CheckAsync(Ledger ledger, string directory)
    {
        Assert.Equal(Operations, ledger.Done.Keys.Order(StringComparer.Ordinal));
        Assert.All(ledger.Images, image => Assert.Equal(image.Value, host.Engine.Images.Get(image.Key).Id));
        if (ledger.Images.Count > 0)
        {
            var whole = Path.Combine(directory, $"{Guid.NewGuid():N}.tar");
            await host.Engine.Images.ExportAsync(new ImageExportRequest { Images = [.. ledger.Images.Keys], Path = whole }, null, TestContext.Current.CancellationToken);
            var first = ledger.Images.Keys.First();
            Assert.Equal((0, "whole\n", ""), await host.RunAsync(new ContainerSpec { Image = first, Command = ["echo", "whole"] }));
        }

        foreach (var container in ledger.Containers)
        {
            Assert.Equal(ContainerState.Running, host.Containers.Get(container).State);
            await host.Containers.RemoveAsync(container, force: true, TestContext.Current.CancellationToken);
        }
    }
}
