namespace ContainerTools.Linux.Firewall;

/// <summary>Ports of a protocol, from the first to the last, both from 1.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="First">The first port.</param>
/// <param name="Last">The last port.</param>
public readonly record struct FirewallPortRange(TransportProtocol Protocol, ushort First, ushort Last)
{
    /// <summary><c>tcp . 80-90</c>.</summary>
    public override string ToString() => $"{FirewallField.Protocol(Protocol).Text} . {FirewallField.Ports(First, Last).Text}";
}
