namespace ContainerTools.Runtime.Launching;

/// <summary>A container, or a process in one, that did not start. The message is one sentence with operation, path and errno.</summary>
internal sealed class ContainerStartException : Exception
{
    public const string CommandNotFound = "CommandNotFound";
    public const string CommandNotExecutable = "CommandNotExecutable";
    public const string ContainerStartFailed = "ContainerStartFailed";
    public const string PortInUse = "PortInUse";

    public ContainerStartException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>Stable code: one of the constants.</summary>
    public string Code { get; }

    /// <summary>errno, or 0.</summary>
    public int Errno { get; init; }

    /// <summary>Failed system call, or null.</summary>
    public string? Syscall { get; init; }

    /// <summary>Path it was about, or null.</summary>
    public string? Path { get; init; }

    /// <summary>Exit code of the runtime: 127, 126 or 125.</summary>
    public int ExitCode => Code switch
    {
        CommandNotFound => 127,
        CommandNotExecutable => 126,
        _ => 125,
    };
}
