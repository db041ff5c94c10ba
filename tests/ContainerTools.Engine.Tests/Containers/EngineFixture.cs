using ContainerTools.Engine.Tests.Host;
using ContainerTools.Engine.Tests.Networks;

namespace ContainerTools.Engine.Tests.Containers;

/// <summary>An engine on a private store with a base image of this host's tools; at its end nothing of it may be left.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    public const string BaseImage = "base";

    private readonly string _directory = Directory.CreateTempSubdirectory("ct-engine-").FullName;

    public IContainerEngine Engine { get; private set; } = null!;

    public IContainerOperations Containers => Engine.Containers;

    private HostNamespace? _host;

    public EngineOptions Options => new() { Root = Path.Combine(_directory, "root"), Run = Path.Combine(_directory, "run"), RuntimePath = RuntimePath, NetworkNamespace = Host.Path };

    internal HostNamespace Host => _host ??= new HostNamespace(_directory);

    public static string RuntimePath => Path.Combine(RepositoryRoot(), "out", "ctrun", "ctrun");

    public async ValueTask InitializeAsync()
    {
        Engine = new ContainerEngineFactory().Open(Options);
        await Engine.Images.NewBaseAsync(
            new BaseImageRequest
            {
                Name = BaseImage,
                Commands = ["sh", "ls", "cat", "sleep", "id", "ps", "true", "echo", "env", "head", "tail", "touch", "mkdir", "readlink", "stat", "hostname", "grep", "yes", "wc", "dd", "kill", "pwd", "mount", "rm", "chmod"],
            },
            null,
            CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var container in Containers.List())
        {
            await Containers.RemoveAsync(container.Id, force: true, CancellationToken.None);
        }

        Engine.Dispose();
        Host.Dispose();
        var mounts = Mounted.Points().Where(path => path.StartsWith(_directory, StringComparison.Ordinal)).ToList();
        Directory.Delete(_directory, recursive: true);
        Assert.Empty(mounts);
    }

    /// <summary>Runs to the end and gives exit code, standard output and standard error.</summary>
    public async Task<(int Code, string Out, string Error)> RunAsync(ContainerSpec spec, string? input = null)
    {
        using var stdout = new MemoryStream();
        using var stderr = new MemoryStream();
        using var stdin = input is null ? null : new MemoryStream(System.Text.Encoding.UTF8.GetBytes(input));
        var exit = await Containers.RunAsync(
            spec with { Remove = true, Interactive = input is not null },
            new ContainerStreams { Stdin = stdin, Stdout = stdout, Stderr = stderr },
            TestContext.Current.CancellationToken);
        return (exit.ExitCode, Text(stdout), Text(stderr));
    }

    /// <summary>Runs a shell line.</summary>
    public Task<(int Code, string Out, string Error)> ShellAsync(string line, Func<ContainerSpec, ContainerSpec>? change = null) =>
        RunAsync((change ?? (spec => spec))(Shell(line)));

    /// <summary>A spec for a shell line.</summary>
    public static ContainerSpec Shell(string line) => new() { Image = BaseImage, Command = ["sh", "-c", line] };

    public static string Text(MemoryStream stream) => System.Text.Encoding.UTF8.GetString(stream.ToArray());

    private static string RepositoryRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "ContainerTools.sln")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("The tests do not lie below the solution.");
        }

        return directory;
    }
}
