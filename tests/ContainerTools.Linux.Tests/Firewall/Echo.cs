using System.Net;
using System.Net.Sockets;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Tests.Firewall;

/// <summary>Echo requests of ICMP and ICMPv6, from a namespace.</summary>
internal static class Echo
{
    private const int HeaderOfIPv4 = 20;

    /// <summary>Whether one of some requests is answered.</summary>
    public static bool Reaches(NetworkNamespace clients, string target, int attempts = 3)
    {
        var address = IPAddress.Parse(target);
        var six = address.AddressFamily == AddressFamily.InterNetworkV6;
        using var socket = clients.Run(() => new Socket(address.AddressFamily, SocketType.Raw, six ? ProtocolType.IcmpV6 : ProtocolType.Icmp));
        socket.Connect(new IPEndPoint(address, 0));
        var buffer = new byte[200];
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            socket.Send(Request(six));
            while (socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead))
            {
                var answer = buffer.AsSpan(0, socket.Receive(buffer))[(six ? 0 : HeaderOfIPv4)..];
                if (answer[0] == (six ? 129 : 0))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // The kernel writes the checksum of ICMPv6. That of ICMP is the one's complement of the sum of these words, which only the type fills.
    private static byte[] Request(bool six) => six ? [128, 0, 0, 0, 0, 1, 0, 1] : [8, 0, 0xF7, 0xFD, 0, 1, 0, 1];
}
