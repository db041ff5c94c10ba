using System.Net;
using ContainerTools.Linux.Firewall;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Networks.Ports;

/// <summary>Who leads which port to a container: the kernel's rules, or its monitor where the kernel cannot. A pure function of ports and addresses.</summary>
/// <param name="Rules">Ports that rules lead to it.</param>
/// <param name="Held">Ports that its monitor holds, so that no program of the host takes them unnoticed.</param>
/// <param name="Forwards">Ports that its monitor serves itself, and holds thereby.</param>
internal sealed record PortPlan(IReadOnlyList<PublishedPort> Rules, IReadOnlyList<HeldPort> Held, IReadOnlyList<ForwardedPort> Forwards)
{
    /// <summary>Plans the ports of a container.</summary>
    /// <param name="ports">Its ports.</param>
    /// <param name="ipv4">Its IPv4 address on the network that has its ports, or null.</param>
    /// <param name="ipv6">Its IPv6 address there, or null.</param>
    /// <param name="routed">Whether it is reached at its own address only, so that the host's ports stay free.</param>
    public static PortPlan Of(IReadOnlyList<HostPort> ports, IPAddress? ipv4, IPAddress? ipv6, bool routed)
    {
        var rules = new List<PublishedPort>();
        var held = new List<HeldPort>();
        var forwards = new List<ForwardedPort>();
        foreach (var port in ports)
        {
            var same = port.IsIPv6 ? ipv6 : ipv4;
            if (same is not null && !port.Address.Equals(IPAddress.IPv6Loopback))
            {
                rules.Add(new PublishedPort
                {
                    Protocol = Transport(port.Protocol),
                    HostAddress = port.Address,
                    HostPort = (ushort)port.Port,
                    ContainerAddress = same,
                    ContainerPort = (ushort)port.ContainerPort,
                    Count = port.Count,
                });
            }

            if (routed)
            {
                continue;
            }

            // The kernel routes nothing from ::1 to another link, and translates no IPv6 to IPv4. A socket for all of IPv6 gets ::1 alone: the rest has been led away before.
            var byMonitor = port.IsIPv6 && port.Protocol != PortProtocol.Sctp && (same is null || port.IsAny || port.Address.Equals(IPAddress.IPv6Loopback));
            if (byMonitor && (ipv6 ?? ipv4) is { } target)
            {
                forwards.Add(new ForwardedPort
                {
                    Protocol = port.ProtocolName,
                    Address = port.Address.ToString(),
                    Port = (ushort)port.Port,
                    TargetAddress = target.ToString(),
                    TargetPort = (ushort)port.ContainerPort,
                    Count = port.Count,
                });
            }
            else if (port.Protocol != PortProtocol.Sctp)
            {
                held.Add(new HeldPort { Protocol = port.ProtocolName, Address = port.Address.ToString(), Port = (ushort)port.Port, Count = port.Count });
            }
        }

        return new(rules, held, forwards);
    }

    private static TransportProtocol Transport(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Udp => TransportProtocol.Udp,
        PortProtocol.Sctp => TransportProtocol.Sctp,
        _ => TransportProtocol.Tcp,
    };
}
