using System.Net;

namespace ContainerTools.Linux.Netlink;

/// <summary>A unicast route of the main table.</summary>
/// <param name="Destination">Where it leads; <c>0.0.0.0/0</c> and <c>::/0</c> are the default routes.</param>
public sealed record Route(IPNetwork Destination)
{
    /// <summary>The next hop, of the destination's family; null when the destination is on the link itself.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Index of the link; null leaves it to the kernel, which looks for the gateway.</summary>
    public int? Link { get; init; }

    /// <summary>The gateway is on the link though no address of the link says so.</summary>
    public bool OnLink { get; init; }

    /// <summary>The lower, the sooner it is taken; null is the kernel's choice: 0 for IPv4, 1024 for IPv6.</summary>
    public uint? Metric { get; init; }

    /// <summary>The address that packets without one are sent from, or null.</summary>
    public IPAddress? Source { get; init; }

    /// <summary><c>10.0.0.0/8 via 10.1.2.1 on link 5</c>.</summary>
    public override string ToString() =>
        Destination + (Gateway is { } gateway ? $" via {gateway}" : "") + (Link is { } link ? FormattableString.Invariant($" on link {link}") : "");
}
