using System.Net;
using System.Net.Sockets;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>A socket in a namespace that tells whether, and from which address, something has come to it.</summary>
internal sealed class Arrival : IDisposable
{
    private readonly Socket _socket;

    public Arrival(NetworkNamespace at, int port, string address = "::")
    {
        Port = port;
        _socket = at.Run(() =>
        {
            var parsed = IPAddress.Parse(address);
            var socket = new Socket(parsed.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            if (parsed.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(parsed, port));
            return socket;
        });
    }

    public int Port { get; }

    /// <summary>Where the next datagram came from; null when none comes in time.</summary>
    public string? Source(int milliseconds = 400)
    {
        if (!_socket.Poll(milliseconds * 1000, SelectMode.SelectRead))
        {
            return null;
        }

        EndPoint from = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        _socket.ReceiveFrom(new byte[64], ref from);
        var address = ((IPEndPoint)from).Address;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    public void Dispose() => _socket.Dispose();
}
