using System.Net;

namespace ContainerTools.Linux.Firewall;

/// <summary>A port, or a range of consecutive ports, of the host that leads to a container.</summary>
public sealed record PublishedPort
{
    /// <summary>The protocol.</summary>
    public required TransportProtocol Protocol { get; init; }

    /// <summary>The address of the host; <see cref="IPAddress.Any"/> or <see cref="IPAddress.IPv6Any"/> for all of that family.</summary>
    public required IPAddress HostAddress { get; init; }

    /// <summary>The host's port, the first of a range; from 1.</summary>
    public required ushort HostPort { get; init; }

    /// <summary>The container's address, of the same family.</summary>
    public required IPAddress ContainerAddress { get; init; }

    /// <summary>The container's port, the first of a range; from 1.</summary>
    public required ushort ContainerPort { get; init; }

    /// <summary>How many ports; the n-th of the host leads to the n-th of the container.</summary>
    public int Count { get; init; } = 1;

    /// <summary><c>127.0.0.1:8080-8081 -> 172.18.0.2:80-81/tcp</c>.</summary>
    public override string ToString() =>
        $"{new IPEndPoint(HostAddress, HostPort)}{Last(HostPort)} -> {new IPEndPoint(ContainerAddress, ContainerPort)}{Last(ContainerPort)}/{Protocol.ToString().ToLowerInvariant()}";

    private string Last(long first) => Count > 1 ? FormattableString.Invariant($"-{first + Count - 1}") : "";
}
