using System.Text.Json;
using ContainerTools;

namespace ContainerTools.Engine.Worker;

/// <summary>
/// Builds, imports, starts, runs, removes and clears at random in a store that others use too. What it was told is there it writes down, and takes out again
/// before it asks for the removal: at the end the file names exactly what must be in the store.
/// </summary>
/// <param name="engine">The store.</param>
/// <param name="archive">An image archive to import.</param>
/// <param name="seed">Decides the order, and the names: no other worker may have it.</param>
/// <param name="ledger">File for what must be there at the end.</param>
internal sealed class Hammer(IContainerEngine engine, string archive, int seed, string ledger)
{
    private const int MostKept = 4;
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, string> _images = [];
    private readonly List<string> _containers = [];
    private readonly Dictionary<string, int> _done = [];
    private int _number;

    public async Task RunAsync(TimeSpan time)
    {
        var end = DateTime.UtcNow + time;
        while (DateTime.UtcNow < end)
        {
            var (name, action) = _random.Next(9) switch
            {
                0 or 1 => ("build", (Func<Task>)BuildAsync),
                2 => ("import", ImportAsync),
                3 => ("start", StartAsync),
                4 => ("run", RunOneAsync),
                5 => ("remove container", RemoveContainerAsync),
                6 => ("remove image", RemoveImageAsync),
                7 => ("clear", ClearAsync),
                _ => ("contend", ContendAsync),
            };
            await action();
            _done[name] = _done.GetValueOrDefault(name) + 1;
        }

        await File.WriteAllTextAsync(ledger, JsonSerializer.Serialize(new Ledger(_images, _containers, _done)));
    }

    private string NewName(string kind) => $"{kind}-{seed}-{_number++}";

    private async Task BuildAsync()
    {
        var tag = NewName("built");
        // Few different contents: the two processes often make the same layer at the same time, and find each other's cache.
        var text = $"FROM base\nWORKDIR /srv/{_random.Next(3)}\nRUN echo {_random.Next(4)} > /made && cat /made\nENV seed={seed}-{_number}\n";
        var result = await engine.Builds.BuildAsync(new BuildRequest { DockerfileText = text, Tags = [tag], NoCache = _random.Next(3) == 0 }, null, CancellationToken.None);
        _images[tag] = result.Image.Id;
    }

    private async Task ImportAsync()
    {
        var tag = NewName("imported");
        var images = await engine.Images.ImportAsync(new ImageImportRequest { Path = archive, Tags = [tag] }, null, CancellationToken.None);
        _images[tag] = images[0].Id;
    }

    private async Task StartAsync()
    {
        var name = NewName("container");
        var made = engine.Containers.Create(new ContainerSpec { Image = "base", Name = name, Command = ["sleep", "1000"] });
        _containers.Add(name);
        await engine.Containers.StartAsync(made.Id, CancellationToken.None);
        if (_containers.Count > MostKept)
        {
            await RemoveContainerAsync();
        }
    }

    private async Task RunOneAsync()
    {
        using var output = new MemoryStream();
        var exit = await engine.Containers.RunAsync(
            new ContainerSpec { Image = "base", Command = ["echo", $"{seed}"], Remove = true }, new ContainerStreams { Stdout = output }, CancellationToken.None);
        if (exit.ExitCode != 0 || output.Length == 0)
        {
            throw new InvalidOperationException($"A run ended with {exit.ExitCode} and {output.Length} bytes.");
        }
    }

    private async Task RemoveContainerAsync()
    {
        if (_containers.Count > 0)
        {
            var name = _containers[_random.Next(_containers.Count)];
            _containers.Remove(name);
            await engine.Containers.RemoveAsync(name, force: true, CancellationToken.None);
        }
    }

    private Task RemoveImageAsync()
    {
        if (_images.Count > 0)
        {
            var tag = _images.Keys.ElementAt(_random.Next(_images.Count));
            _images.Remove(tag);
            engine.Images.Remove(tag, force: false);
        }

        return Task.CompletedTask;
    }

    /// <summary>Takes away what nobody needs: nothing of what the ledgers name.</summary>
    private Task<IReadOnlyList<ReclaimResult>> ClearAsync() => engine.Storage.ClearAsync(new ReclaimRequest { KeepBytes = _random.Next(2) == 0 ? null : 100_000 }, null, CancellationToken.None);

    /// <summary>Both workers make and remove the same name: each must win, or be told why not.</summary>
    private async Task ContendAsync()
    {
        const string Name = "contended";
        try
        {
            var made = engine.Containers.Create(new ContainerSpec { Image = "base", Name = Name, Command = ["sleep", "1000"] });
            await engine.Containers.StartAsync(made.Id, CancellationToken.None);
            await engine.Containers.RemoveAsync(made.Id, force: true, CancellationToken.None);
        }
        catch (ContainerToolsException error) when (error.Code is "ContainerNameInUse" or "ContainerNotFound" or "ContainerAlreadyRunning")
        {
            if (_random.Next(2) == 0)
            {
                await TryRemoveAsync(Name);
            }
        }
    }

    private async Task TryRemoveAsync(string name)
    {
        try
        {
            await engine.Containers.RemoveAsync(name, force: true, CancellationToken.None);
        }
        catch (ContainerToolsException error) when (error.Code is "ContainerNotFound")
        {
            // The other worker was faster.
        }
    }
}
