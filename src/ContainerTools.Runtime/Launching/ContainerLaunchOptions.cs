namespace ContainerTools.Runtime.Launching;

/// <summary>How a container is started, beside its configuration.</summary>
internal sealed record ContainerLaunchOptions
{
    /// <summary>Container id.</summary>
    public required string Id { get; init; }

    /// <summary>Directory of all containers' runtime state; the container's is made below it.</summary>
    public required string StateRoot { get; init; }

    /// <summary>Descriptor that becomes the program's standard input.</summary>
    public int StdinFd { get; init; }

    /// <summary>Descriptor that becomes the program's standard output.</summary>
    public int StdoutFd { get; init; } = 1;

    /// <summary>Descriptor that becomes the program's standard error.</summary>
    public int StderrFd { get; init; } = 2;

    /// <summary>Stop before the program runs, until it is let go on (<c>ctrun start</c>).</summary>
    public bool WaitForStart { get; init; }

    /// <summary>This process is the container's monitor and is written down as such.</summary>
    public bool IsMonitor { get; init; }
}
