namespace ContainerTools;

/// <summary>One process of a container.</summary>
public sealed record ContainerProcess
{
    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>Process id inside the container.</summary>
    public int Pid { get; init; }

    /// <summary>Process id on the host.</summary>
    public int HostPid { get; init; }

    /// <summary>Parent's process id on the host.</summary>
    public int ParentHostPid { get; init; }

    /// <summary>Numeric user id on the host.</summary>
    public long UserId { get; init; }

    /// <summary>CPU time used so far.</summary>
    public TimeSpan CpuTime { get; init; }

    /// <summary>Resident memory in bytes.</summary>
    public long WorkingSet { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>Kernel's one-letter state (proc(5)).</summary>
    public char State { get; init; }

    /// <summary>Command line.</summary>
    public required string CommandLine { get; init; }
}
