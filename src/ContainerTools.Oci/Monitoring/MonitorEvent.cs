namespace ContainerTools.Oci.Monitoring;

/// <summary>One line on a monitor's (or <c>ctrun exec</c>'s) status pipe.</summary>
public sealed record MonitorEvent
{
    /// <summary><c>started</c>, <c>error</c> or <c>exited</c>; in a reply also <c>applied</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>started: process id of the container's first process on the host.</summary>
    public int Pid { get; init; }

    /// <summary>exited: the record that was written.</summary>
    public ExitRecord? Exit { get; init; }

    /// <summary>error: stable code: <c>CommandNotFound</c>, <c>CommandNotExecutable</c>, <c>PortInUse</c> or <c>ContainerStartFailed</c>.</summary>
    public string? Code { get; init; }

    /// <summary>error: one sentence.</summary>
    public string? Message { get; init; }

    /// <summary>error: errno of the failed call, or 0.</summary>
    public int Errno { get; init; }

    /// <summary>error: failed call, or null.</summary>
    public string? Syscall { get; init; }

    /// <summary>error: path the call was about, or null.</summary>
    public string? Path { get; init; }

    /// <summary>Writes it as UTF-8 JSON.</summary>
    public byte[] ToJson() => MonitoringWriting.Event(this);
}
