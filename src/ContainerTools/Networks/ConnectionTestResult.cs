namespace ContainerTools;

/// <summary>Whether one container reaches another, and if not, where it ends.</summary>
public sealed record ConnectionTestResult
{
    /// <summary>Name of the container that asked.</summary>
    public required string Container { get; init; }

    /// <summary>Whom it asked for.</summary>
    public required string Target { get; init; }

    /// <summary>The port, or null.</summary>
    public int? Port { get; init; }

    /// <summary>Protocol of the port.</summary>
    public PortProtocol Protocol { get; init; }

    /// <summary>The address that the name led to, or null.</summary>
    public string? Address { get; init; }

    /// <summary>True when it was reached.</summary>
    public bool Succeeded { get; init; }

    /// <summary>What was tried, in order, up to the first that failed: name, route, rule, listener.</summary>
    public IReadOnlyList<ConnectionTestStep> Step { get; init => field = value.ToArray(); } = [];

    /// <summary>Why it was not reached, and the mend; null when it was.</summary>
    public string? Reason { get; init; }
}
