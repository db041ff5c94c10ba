using System.Net;
using System.Net.Sockets;

namespace ContainerTools.Engine.Networks.Testing;

/// <summary>Tries to reach an address, from the network namespace of the calling thread.</summary>
internal static class ConnectionAttempt
{
    private const int Slice = 50;
    private const byte EchoRequest = 8;
    private const byte EchoRequestOfIPv6 = 128;

    /// <summary>What came back: success, <c>ConnectionRefused</c>, <c>HostUnreachable</c>, <c>NetworkUnreachable</c>, or <c>TimedOut</c> for silence.</summary>
    /// <remarks>To a UDP socket silence is success: nobody has to answer. A port without a listener is told by ICMP.</remarks>
    public static SocketError Try(IPAddress address, int? port, PortProtocol protocol, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return port is not { } number ? Echo(address, timeout, cancellationToken)
                : protocol == PortProtocol.Udp ? Datagram(new IPEndPoint(address, number), timeout, cancellationToken)
                : Connect(new IPEndPoint(address, number), timeout, cancellationToken);
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
    }

    private static SocketError Connect(IPEndPoint target, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            socket.Connect(target);
            return SocketError.Success;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            return Wait(socket, SelectMode.SelectWrite, timeout, cancellationToken)
                ? (SocketError)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!
                : SocketError.TimedOut;
        }
    }

    private static SocketError Datagram(IPEndPoint target, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(target);
        _ = socket.Send(ReadOnlySpan<byte>.Empty);
        var wait = TimeSpan.FromMilliseconds(Math.Min(timeout.TotalMilliseconds, 500));
        if (Wait(socket, SelectMode.SelectRead, wait, cancellationToken))
        {
            _ = socket.Receive(new byte[1]);
        }

        return SocketError.Success;
    }

    private static SocketError Echo(IPAddress address, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var six = address.AddressFamily == AddressFamily.InterNetworkV6;
        using var socket = new Socket(address.AddressFamily, SocketType.Raw, six ? ProtocolType.IcmpV6 : ProtocolType.Icmp);
        socket.Connect(new IPEndPoint(address, 0));
        byte[] request = [six ? EchoRequestOfIPv6 : EchoRequest, 0, 0, 0, 0, 1, 0, 1];
        if (!six)
        {
            // Sum of 16-bit words, inverted (RFC 792); that of ICMPv6 is the kernel's work.
            var sum = ~((request[0] << 8) + (request[4] << 8) + request[5] + (request[6] << 8) + request[7]);
            (request[2], request[3]) = ((byte)(sum >> 8), (byte)sum);
        }

        _ = socket.Send(request);
        var buffer = new byte[512];
        var end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (Environment.TickCount64 < end && Wait(socket, SelectMode.SelectRead, TimeSpan.FromMilliseconds(end - Environment.TickCount64), cancellationToken))
        {
            var count = socket.Receive(buffer);
            var type = six ? buffer[0] : count > 20 ? buffer[(buffer[0] & 15) * 4] : (byte)255;
            if (type == (six ? 129 : 0))
            {
                return SocketError.Success;
            }

            if (type == (six ? 1 : 3))
            {
                return SocketError.HostUnreachable;
            }
        }

        return SocketError.TimedOut;
    }

    private static bool Wait(Socket socket, SelectMode mode, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (socket.Poll(TimeSpan.FromMilliseconds(Slice), mode) || socket.Poll(TimeSpan.Zero, SelectMode.SelectError))
            {
                return true;
            }
        }
        while (Environment.TickCount64 < end);
        return false;
    }
}
