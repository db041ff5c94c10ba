using System.Runtime.InteropServices;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Forwarding;

/// <summary>
/// Who sent a datagram, and to which of the host's addresses: a socket for all of them must answer from the same one (IPV6_PKTINFO of ipv6(7), IP_PKTINFO of ip(7)).
/// </summary>
internal unsafe struct DatagramOrigin : IEquatable<DatagramOrigin>
{
    private const int IPLevel = 0;
    private const int IPPacketInformation = 8;
    private const int IPv6Level = 41;
    private const int IPv6ReceivePacketInformation = 49;

    // struct cmsghdr with struct in6_pktinfo, 36 bytes, or struct in_pktinfo, 28. What the kernel tells can be told back to it.
    private const int HeaderSize = 16;
    private const int ControlSize = 40;
    private fixed ulong control[ControlSize / sizeof(ulong)];
    private nuint controlLength;
    private InternetEndpoint client;

    /// <summary>Makes a socket tell where datagrams were sent to.</summary>
    public static void Prepare(int descriptor, InternetEndpoint endpoint) => _ = endpoint.IsIPv6
        ? SocketCalls.SetOption(descriptor, IPv6Level, IPv6ReceivePacketInformation, 1)
        : SocketCalls.SetOption(descriptor, IPLevel, IPPacketInformation, 1);

    /// <summary>Takes a datagram; returns its size, or a negative errno.</summary>
    public static nint Receive(int descriptor, byte* buffer, nint size, out DatagramOrigin origin)
    {
        origin = default;
        fixed (DatagramOrigin* target = &origin)
        {
            var data = new DatagramBuffer { Start = buffer, Length = (nuint)size };
            var header = new DatagramHeader
            {
                Endpoint = &target->client, EndpointSize = InternetEndpoint.LargestSize, Buffers = &data, BufferCount = 1, Control = target->control, ControlSize = ControlSize,
            };
            var received = SocketCalls.ReceiveMessage(descriptor, &header);
            target->controlLength = header.ControlSize;
            target->ForgetLink();
            return received;
        }
    }

    /// <summary>Answers; returns the size sent, or a negative errno.</summary>
    public nint Reply(int descriptor, byte* buffer, nint size)
    {
        fixed (DatagramOrigin* source = &this)
        {
            var data = new DatagramBuffer { Start = buffer, Length = (nuint)size };
            var header = new DatagramHeader
            {
                Endpoint = &source->client, EndpointSize = client.Size, Buffers = &data, BufferCount = 1, Control = source->control, ControlSize = controlLength,
            };
            return SocketCalls.SendMessage(descriptor, &header);
        }
    }

    public readonly bool Equals(DatagramOrigin other) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<DatagramOrigin>(in this)).SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<DatagramOrigin>(in other)));

    public override readonly bool Equals(object? other) => other is DatagramOrigin origin && Equals(origin);

    public override readonly int GetHashCode() => client.GetHashCode();

    // The way back is for routing to find, except to addresses that hold on one link alone.
    private void ForgetLink()
    {
        fixed (ulong* start = control)
        {
            var information = (byte*)start + HeaderSize;
            if (!client.IsIPv6)
            {
                *(int*)information = 0;
            }
            else if (!(information[0] == 0xFE && (information[1] & 0xC0) == 0x80))
            {
                *(int*)(information + 16) = 0;
            }
        }
    }
}
