namespace ContainerTools;

/// <summary>How a further process in a container ended.</summary>
public sealed record ExecResult
{
    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>The command words.</summary>
    public required IReadOnlyList<string> Command { get; init => field = value.ToArray(); }

    /// <summary>Exit code; 128 + n after signal n.</summary>
    public int ExitCode { get; init; }
}
