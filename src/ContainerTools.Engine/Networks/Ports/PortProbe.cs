using System.Net;
using System.Net.Sockets;

namespace ContainerTools.Engine.Networks.Ports;

/// <summary>Asks the kernel whether a program of the host has a port.</summary>
internal static class PortProbe
{
    /// <summary>The first port that cannot be had, and why; null when all can. To be called in the host's network namespace.</summary>
    /// <param name="ports">Ports that a container is to have.</param>
    /// <param name="own">Ports that it has: its own monitor is in the way there.</param>
    public static (HostPort Port, int Number, SocketError Error)? FindTaken(IEnumerable<HostPort> ports, IReadOnlyList<HostPort> own)
    {
        foreach (var port in ports)
        {
            for (var number = port.Port; number < port.Port + port.Count; number++)
            {
                if (!own.Any((port with { Port = number, Count = 1 }).Overlaps) && TryBind(port, number) is { } error)
                {
                    return (port, number, error);
                }
            }
        }

        return null;
    }

    private static SocketError? TryBind(HostPort port, int number)
    {
        if (port.Protocol == PortProtocol.Sctp)
        {
            // The kernel that forwards SCTP need not have its sockets (module sctp); without them no program can be in the way.
            return null;
        }

        try
        {
            using var socket = port.Protocol == PortProtocol.Udp
                ? new Socket(port.Address.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
                : new Socket(port.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (port.IsIPv6)
            {
                socket.DualMode = false;
            }

            socket.Bind(new IPEndPoint(port.Address, number));
            return null;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
    }
}
