namespace ContainerTools.Oci.Monitoring;

/// <summary>Ports of the host whose traffic a monitor carries to its container.</summary>
public sealed record ForwardedPort
{
    /// <summary><c>tcp</c> or <c>udp</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>IP address of the host that is listened on.</summary>
    public required string Address { get; init; }

    /// <summary>The first port that is listened on.</summary>
    public required ushort Port { get; init; }

    /// <summary>IP address of the container, reached from the monitor's network namespace.</summary>
    public required string TargetAddress { get; init; }

    /// <summary>The container's port that the first port leads to.</summary>
    public required ushort TargetPort { get; init; }

    /// <summary>How many ports there are; each leads to the target's port at the same distance.</summary>
    public int Count { get; init; } = 1;
}
