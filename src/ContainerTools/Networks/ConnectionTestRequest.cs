namespace ContainerTools;

/// <summary>A question: can one container reach another?</summary>
public sealed record ConnectionTestRequest
{
    /// <summary>The container that asks: name or id. It must run.</summary>
    public required string Container { get; init; }

    /// <summary>Whom it shall reach: a container, a name or alias on its networks, a name of the outside, or an address.</summary>
    public required string Target { get; init; }

    /// <summary>Port; null tests name and route, and whether the target answers an echo request.</summary>
    public int? Port { get; init; }

    /// <summary>Protocol of the port: TCP or UDP.</summary>
    public PortProtocol Protocol { get; init; }

    /// <summary>How long an answer is waited for; null means 3 s.</summary>
    public TimeSpan? Timeout { get; init; }
}
