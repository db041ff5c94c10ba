namespace ContainerTools;

/// <summary>
/// A rule about connections between containers. It holds for all containers that fit, now and later. Answers to connections that are allowed always pass. Deny goes before allow,
/// and allow before default-deny.
/// </summary>
public sealed record NetworkPolicy
{
    /// <summary>Unique name: <c>[a-zA-Z0-9][a-zA-Z0-9_.-]*</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public PolicyAction Action { get; init; }

    /// <summary>Who connects. Not for default-deny.</summary>
    public PolicySelector From { get; init; } = new();

    /// <summary>Who is connected to; for default-deny, whom it is about.</summary>
    public PolicySelector To { get; init; } = new();

    /// <summary>Ports of the connected container: <c>5432/tcp</c>, <c>8000-8010/tcp</c>, <c>53/udp</c>; none means all, and ICMP.</summary>
    public IReadOnlyList<string> Port { get; init => field = value.ToArray(); } = [];

    /// <summary>Of default-deny: which connections it is about.</summary>
    public PolicyDirection Direction { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The name that binds back.</summary>
    public override string ToString() => Name;
}
