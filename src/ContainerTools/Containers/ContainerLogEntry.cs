namespace ContainerTools;

/// <summary>One line of a container's log.</summary>
public sealed record ContainerLogEntry
{
    /// <summary>Name of the container.</summary>
    public required string Container { get; init; }

    /// <summary>When the monitor read it.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Where it came from.</summary>
    public ContainerLogStream Stream { get; init; }

    /// <summary>The line without its line feed.</summary>
    public required string Message { get; init; }

    /// <summary>The message.</summary>
    public override string ToString() => Message;
}
