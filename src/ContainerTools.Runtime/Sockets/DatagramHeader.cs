using System.Runtime.InteropServices;

namespace ContainerTools.Runtime.Sockets;

/// <summary><c>struct mmsghdr</c> of recvmmsg(2), on 64-bit machines, with one buffer.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct DatagramHeader
{
    public const int Truncated = 0x20; // MSG_TRUNC

    [FieldOffset(0)]
    public InternetEndpoint* Endpoint;

    [FieldOffset(8)]
    public uint EndpointSize;

    [FieldOffset(16)]
    public DatagramBuffer* Buffers;

    [FieldOffset(24)]
    public nuint BufferCount;

    /// <summary>What accompanies a datagram (cmsg(3)).</summary>
    [FieldOffset(32)]
    public void* Control;

    [FieldOffset(40)]
    public nuint ControlSize;

    [FieldOffset(48)]
    public int Flags;

    /// <summary>Bytes received or sent.</summary>
    [FieldOffset(56)]
    public uint Length;
}
