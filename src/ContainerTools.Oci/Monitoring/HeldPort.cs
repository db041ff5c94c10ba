namespace ContainerTools.Oci.Monitoring;

/// <summary>Ports of the host that a container has for itself.</summary>
public sealed record HeldPort
{
    /// <summary><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>IP address of the host; <c>0.0.0.0</c> stands for all of IPv4 and <c>::</c> for all of IPv6 alone.</summary>
    public required string Address { get; init; }

    /// <summary>The first port.</summary>
    public required ushort Port { get; init; }

    /// <summary>How many ports there are.</summary>
    public int Count { get; init; } = 1;
}
