namespace ContainerTools.Runtime.Sockets;

/// <summary><c>struct iovec</c> of readv(2).</summary>
internal unsafe struct DatagramBuffer
{
    public byte* Start;
    public nuint Length;
}
