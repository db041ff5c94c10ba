using System.Net;
using System.Net.Sockets;

namespace ContainerTools.Engine.Networks.Ports;

/// <summary>Ports of one address of the host that lead to a container.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="Address">The host's address; <c>0.0.0.0</c> and <c>::</c> are all of that family.</param>
/// <param name="Port">The host's port, the first of a range; 0 while it has not been chosen.</param>
/// <param name="Count">How many.</param>
/// <param name="ContainerPort">The container's port, the first of a range.</param>
internal sealed record HostPort(PortProtocol Protocol, IPAddress Address, int Port, int Count, int ContainerPort)
{
    public bool IsAny => Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);

    public bool IsIPv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>The protocol's name in lower case.</summary>
    public string ProtocolName => Protocol switch { PortProtocol.Udp => "udp", PortProtocol.Sctp => "sctp", _ => "tcp" };

    /// <summary>Whether both cannot be had at once.</summary>
    public bool Overlaps(HostPort other) =>
        Protocol == other.Protocol && IsIPv6 == other.IsIPv6 && (IsAny || other.IsAny || Address.Equals(other.Address))
        && Port < other.Port + other.Count && other.Port < Port + Count;

    public override string ToString() => Count == 1
        ? $"{new IPEndPoint(Address, Port)}/{ProtocolName}"
        : FormattableString.Invariant($"{new IPEndPoint(Address, Port)}-{Port + Count - 1}/{ProtocolName}");
}
