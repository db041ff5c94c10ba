namespace ContainerTools;

/// <summary>Containers of the store. A container is named by its name, id or unique id prefix. Every method throws <see cref="ContainerToolsException"/>.</summary>
public interface IContainerOperations
{
    /// <summary>Containers that pass the filter, newest first.</summary>
    IReadOnlyList<Container> List(ContainerFilter? filter = null);

    /// <summary>One container. Throws <c>ContainerNotFound</c>, <c>ContainerIdAmbiguous</c>.</summary>
    Container Get(string container);

    /// <summary>The container as <c>docker inspect</c> prints it: a JSON object.</summary>
    string GetRaw(string container);

    /// <summary>Makes a container without starting it. Throws <c>ContainerNameInUse</c>, <c>ImageNotFound</c>, <c>Invalid…</c>.</summary>
    Container Create(ContainerSpec spec);

    /// <summary>Starts a made or ended container and returns when its process runs. Throws <c>CommandNotFound</c>, <c>CommandNotExecutable</c>, <c>ContainerAlreadyRunning</c>, <c>ContainerStartFailed</c>.</summary>
    Task<Container> StartAsync(string container, CancellationToken cancellationToken);

    /// <summary>
    /// Makes, starts and waits, with the streams connected; removes the container when the spec says so. When cancelled, stops the
    /// container, and then throws <see cref="OperationCanceledException"/>.
    /// </summary>
    Task<ContainerExit> RunAsync(ContainerSpec spec, ContainerStreams streams, CancellationToken cancellationToken);

    /// <summary>Sends the stop signal, waits, then kills. No error when it does not run.</summary>
    Task<Container> StopAsync(string container, TimeSpan? timeout, string? signal, CancellationToken cancellationToken);

    /// <summary>Stops if running, then starts.</summary>
    Task<Container> RestartAsync(string container, TimeSpan? timeout, CancellationToken cancellationToken);

    /// <summary>Removes it with its writable layer, log and record. Throws <c>ContainerRunning</c> unless <paramref name="force"/>, which kills it first.</summary>
    Task RemoveAsync(string container, bool force, CancellationToken cancellationToken);

    /// <summary>Gives it another name. Throws <c>ContainerNameInUse</c>, <c>InvalidContainerName</c>.</summary>
    Container Rename(string container, string newName);

    /// <summary>Sends a signal (name with or without SIG, or number) to its process. Throws <c>ContainerNotRunning</c>, <c>InvalidSignal</c>.</summary>
    void SendSignal(string container, string signal);

    /// <summary>Freezes all its processes.</summary>
    Container Suspend(string container);

    /// <summary>Thaws its processes.</summary>
    Container Resume(string container);

    /// <summary>Waits for a condition; null when it was removed meanwhile or the condition is not an end.</summary>
    Task<ContainerExit?> WaitAsync(string container, ContainerWaitCondition condition, CancellationToken cancellationToken);

    /// <summary>Reads its log.</summary>
    IAsyncEnumerable<ContainerLogEntry> ReadLogAsync(string container, ContainerLogQuery query, CancellationToken cancellationToken);

    /// <summary>Runs a further process in it and waits. Throws <c>ContainerNotRunning</c>, <c>CommandNotFound</c>, <c>CommandNotExecutable</c>.</summary>
    Task<ExecResult> ExecAsync(string container, ExecSpec spec, ContainerStreams streams, CancellationToken cancellationToken);

    /// <summary>Its processes. Throws <c>ContainerNotRunning</c>.</summary>
    IReadOnlyList<ContainerProcess> GetProcesses(string container);
}
