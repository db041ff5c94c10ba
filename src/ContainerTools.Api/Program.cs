using ContainerTools;
using ContainerTools.Api;
using ContainerTools.Engine;

const int UsageError = 64;
var engineOptions = EngineOptions.FromEnvironment();
var socket = Path.Combine(engineOptions.Run, "docker.sock");
for (var i = 0; i < args.Length; i++)
{
    if (args[i] != "--socket" || i + 1 == args.Length)
    {
        Console.Error.WriteLine($"'{args[i]}' is not understood. Usage: ContainerTools.Api [--socket PATH]");
        return UsageError;
    }

    socket = Path.GetFullPath(args[++i]);
}

try
{
    using var engine = new ContainerEngineFactory().Open(engineOptions);
    await using var server = ApiServer.Create(engine, new ApiOptions { SocketPath = socket });
    Console.WriteLine($"Listening on unix://{socket}");
    await server.RunAsync();
    return 0;
}
catch (Exception error) when (error is ContainerToolsException or IOException)
{
    Console.Error.WriteLine(error.Message);
    if (error is ContainerToolsException { RecommendedAction: { } action })
    {
        Console.Error.WriteLine(action);
    }

    return 1;
}
