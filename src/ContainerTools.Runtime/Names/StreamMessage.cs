using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Names;

/// <summary>A message of DNS over TCP on its way: two bytes of length, and the packet (RFC 1035 4.2.2).</summary>
internal sealed unsafe class StreamMessage(int longest)
{
    private const int Prefix = 2;
    private byte* memory;
    private int length;
    private int done;

    /// <summary>The packet.</summary>
    public ReadOnlySpan<byte> Content => new(Start, length - Prefix);

    /// <summary>Where the packet begins.</summary>
    public byte* Start => memory + Prefix;

    public StreamProgress ReadFrom(int descriptor)
    {
        if (memory == null)
        {
            memory = (byte*)NativeMemory.Alloc(Prefix);
            (length, done) = (Prefix, 0);
        }

        while (done < length)
        {
            var count = SocketCalls.Receive(descriptor, memory + done, length - done);
            if (count <= 0)
            {
                return Interrupted(count);
            }

            done += (int)count;
            if (done == Prefix)
            {
                length = Prefix + BinaryPrimitives.ReadUInt16BigEndian(new ReadOnlySpan<byte>(memory, Prefix));
                if (length - Prefix is 0 || length - Prefix > longest)
                {
                    return StreamProgress.Ended;
                }

                memory = (byte*)NativeMemory.Realloc(memory, (nuint)length);
            }
        }

        return StreamProgress.Done;
    }

    public StreamProgress WriteTo(int descriptor)
    {
        while (done < length)
        {
            var count = SocketCalls.Send(descriptor, memory + done, length - done);
            if (count <= 0)
            {
                return Interrupted(count);
            }

            done += (int)count;
        }

        return StreamProgress.Done;
    }

    /// <summary>Makes it a packet of one's own, ready to be written.</summary>
    public void Set(ReadOnlySpan<byte> packet)
    {
        Free();
        length = Prefix + packet.Length;
        memory = (byte*)NativeMemory.Alloc((nuint)length);
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(memory, Prefix), (ushort)packet.Length);
        packet.CopyTo(new Span<byte>(Start, packet.Length));
    }

    /// <summary>Begins to be written anew.</summary>
    public void Rewind() => done = 0;

    public void Free()
    {
        NativeMemory.Free(memory);
        memory = null;
        (length, done) = (0, 0);
    }

    // ENOTCONN while a connection is being made is EAGAIN for send(2) on Linux; all else is the end.
    private static StreamProgress Interrupted(nint count) => count is -SocketCalls.Again or -Native.EINTR ? StreamProgress.Waiting : StreamProgress.Ended;
}
