using ContainerTools;
using ContainerTools.Engine;
using ContainerTools.Engine.Worker;

// worker ROOT RUN RUNTIME NETWORK VERB ARGUMENTS…: opens the store, says "ready", waits for a line, and does one thing.
var (root, run, runtime, network, verb, rest) = (args[0], args[1], args[2], args[3], args[4], args[5..]);
using var engine = new ContainerEngineFactory().Open(new EngineOptions { Root = root, Run = run, RuntimePath = runtime, NetworkNamespace = network });
Console.WriteLine("ready");
_ = Console.ReadLine();
switch (verb)
{
    case "hammer":
        await new Hammer(engine, rest[0], int.Parse(rest[1], System.Globalization.CultureInfo.InvariantCulture), rest[2]).RunAsync(TimeSpan.FromSeconds(double.Parse(rest[3], System.Globalization.CultureInfo.InvariantCulture)));
        break;
    case "import":
        await engine.Images.ImportAsync(new ImageImportRequest { Path = rest[0], Tags = [rest[1]] }, new ConsoleProgress(), CancellationToken.None);
        break;
    case "pull":
        await engine.Images.PullAsync(new ImagePullRequest { Name = rest[0], Transfer = new TransferOptions { ThrottleLimit = 2 } }, new ConsoleProgress(), CancellationToken.None);
        break;
    case "push":
        await engine.Images.PushAsync(new ImagePushRequest { Name = rest[0], Destination = rest[1] }, new ConsoleProgress(), CancellationToken.None);
        break;
    case "build":
        await engine.Builds.BuildAsync(new BuildRequest { ContextPath = rest[0], Tags = [rest[1]], NoCache = true }, new ConsoleProgress(), CancellationToken.None);
        break;
    case "start":
        var made = engine.Containers.Create(new ContainerSpec { Image = rest[0], Name = rest[1], Command = rest[2..] });
        await engine.Containers.StartAsync(made.Id, CancellationToken.None);
        break;
    case "run":
        await engine.Containers.RunAsync(new ContainerSpec { Image = rest[0], Name = rest[1], Command = rest[2..], Remove = true }, new ContainerStreams { Stdout = Console.OpenStandardOutput() }, CancellationToken.None);
        break;
    case "lock":
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(root, "catalog.db")}"))
        {
            connection.Open();
            using var transaction = connection.BeginTransaction(deferred: false);
            Console.WriteLine("locked");
            _ = Console.ReadLine();
        }

        break;
    case "remove":
        await engine.Containers.RemoveAsync(rest[0], force: true, CancellationToken.None);
        break;
    default:
        throw new ArgumentException($"There is no verb '{verb}'.");
}

Console.WriteLine("done");
