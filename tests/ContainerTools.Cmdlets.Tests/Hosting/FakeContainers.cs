using System.Runtime.CompilerServices;

namespace ContainerTools.Cmdlets.Tests;

internal sealed class FakeContainers : IContainerOperations
{
    public List<Container> All { get; } = [];

    /// <summary>What was asked for, in order.</summary>
    public List<string> Calls { get; } = [];

    public ContainerSpec? LastSpec { get; private set; }

    public ExecSpec? LastExec { get; private set; }

    public ContainerLogQuery? LastLogQuery { get; private set; }

    /// <summary>What a foreground process does with its streams; returns its exit code.</summary>
    public Func<ContainerStreams, CancellationToken, Task<int>> Process { get; set; } = (_, _) => Task.FromResult(0);

    public Exception? StartError { get; set; }

    public List<ContainerLogEntry> Log { get; } = [];

    public Container Add(string name, ContainerState state = ContainerState.Running, string image = "base:latest", Dictionary<string, string>? labels = null)
    {
        var container = new Container
        {
            Id = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))),
            Name = name, Image = image, ImageId = "sha256:" + new string('a', 64), State = state, Command = ["sleep", "9"],
            Labels = labels ?? [], Spec = new ContainerSpec { Image = image }, Created = DateTimeOffset.UtcNow,
        };
        All.Add(container);
        return container;
    }

    public IReadOnlyList<Container> List(ContainerFilter? filter = null) =>
    [
        .. All.Where(c => filter is null
            || ((filter.States.Count == 0 || filter.States.Contains(c.State))
                && (filter.Image is null || c.Image == filter.Image)
                && filter.Labels.All(l => c.Labels.TryGetValue(l.Key, out var v) && (l.Value is null || v == l.Value)))),
    ];

    public Container Get(string container) => All.Find(c => c.Name == container || c.Id.StartsWith(container, StringComparison.Ordinal))
        ?? throw new ContainerToolsException(ErrorKind.NotFound, "ContainerNotFound", $"No container '{container}'.", container, "Look again.");

    public string GetRaw(string container) => $"{{\"Name\":\"/{Get(container).Name}\"}}";

    public Container Create(ContainerSpec spec)
    {
        LastSpec = spec;
        if (spec.Name is { } taken && All.Exists(c => c.Name == taken))
        {
            throw new ContainerToolsException(ErrorKind.AlreadyExists, "ContainerNameInUse", $"The name '{taken}' is in use.", taken);
        }

        Calls.Add($"create {spec.Image}");
        return Add(spec.Name ?? "eager_otter", ContainerState.Created, spec.Image);
    }

    public async Task<Container> StartAsync(string container, CancellationToken cancellationToken)
    {
        Calls.Add($"start {Get(container).Name}");
        await Task.Yield();
        return StartError is null ? Replace(Get(container) with { State = ContainerState.Running }) : throw StartError;
    }

    public async Task<ContainerExit> RunAsync(ContainerSpec spec, ContainerStreams streams, CancellationToken cancellationToken)
    {
        LastSpec = spec;
        Calls.Add($"run {spec.Image}");
        return StartError is null
            ? new ContainerExit { Id = new string('b', 64), Name = spec.Name ?? "eager_otter", ExitCode = await Process(streams, cancellationToken) }
            : throw StartError;
    }

    public Task<Container> StopAsync(string container, TimeSpan? timeout, string? signal, CancellationToken cancellationToken)
    {
        Calls.Add($"stop {Get(container).Name} {timeout} {signal}".TrimEnd());
        return Task.FromResult(Replace(Get(container) with { State = ContainerState.Exited }));
    }

    public Task<Container> RestartAsync(string container, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        Calls.Add($"restart {Get(container).Name} {timeout}".TrimEnd());
        return Task.FromResult(Get(container));
    }

    public Task RemoveAsync(string container, bool force, CancellationToken cancellationToken)
    {
        var found = Get(container);
        if (found.State == ContainerState.Running && !force)
        {
            throw new ContainerToolsException(ErrorKind.Conflict, "ContainerRunning", $"The container '{found.Name}' runs.", found.Name, "Stop it first.");
        }

        Calls.Add($"remove {found.Name}");
        All.Remove(found);
        return Task.CompletedTask;
    }

    public Container Rename(string container, string newName)
    {
        Calls.Add($"rename {Get(container).Name} {newName}");
        return Replace(Get(container) with { Name = newName });
    }

    public void SendSignal(string container, string signal) => Calls.Add($"signal {Get(container).Name} {signal}");

    public Container Suspend(string container) => Replace(Get(container) with { State = ContainerState.Paused });

    public Container Resume(string container) => Replace(Get(container) with { State = ContainerState.Running });

    public async Task<ContainerExit?> WaitAsync(string container, ContainerWaitCondition condition, CancellationToken cancellationToken)
    {
        var found = Get(container);
        while (found.State == ContainerState.Running && condition == ContainerWaitCondition.Exited)
        {
            await Task.Delay(5, cancellationToken);
        }

        return condition == ContainerWaitCondition.Exited ? new ContainerExit { Id = found.Id, Name = found.Name, ExitCode = found.ExitCode ?? 0 } : null;
    }

    public async IAsyncEnumerable<ContainerLogEntry> ReadLogAsync(
        string container, ContainerLogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LastLogQuery = query;
        var name = Get(container).Name;
        foreach (var entry in Log.Where(entry => entry.Container == name))
        {
            yield return entry;
        }

        if (query.Follow)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    public async Task<ExecResult> ExecAsync(string container, ExecSpec spec, ContainerStreams streams, CancellationToken cancellationToken)
    {
        LastExec = spec;
        Calls.Add($"exec {Get(container).Name}");
        return StartError is null
            ? new ExecResult { Container = Get(container).Name, Command = spec.Command, ExitCode = await Process(streams, cancellationToken) }
            : throw StartError;
    }

    public IReadOnlyList<ContainerProcess> GetProcesses(string container) =>
        [new ContainerProcess { Container = Get(container).Name, Pid = 1, HostPid = 4711, CommandLine = "sleep 9" }];

    private Container Replace(Container container)
    {
        All[All.FindIndex(c => c.Id == container.Id)] = container;
        return container;
    }
}
