namespace ContainerTools;

/// <summary>A further process in a running container.</summary>
public sealed record ExecSpec
{
    /// <summary>Command words.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>User as <c>user[:group]</c>; null takes the container's.</summary>
    public string? User { get; init; }

    /// <summary>Environment added to the container's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Absolute working directory inside; null takes the container's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>All capabilities, no seccomp.</summary>
    public bool Privileged { get; init; }
}
