using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Netlink;

/// <summary>Walks over the messages of a datagram from the kernel (netlink(7)). What is cut short ends the walk.</summary>
internal ref struct NetlinkMessages(ReadOnlySpan<byte> datagram)
{
    /// <summary>NLMSG_ERROR: an error, or, with the number 0, an acknowledgement.</summary>
    public const ushort Error = 2;

    /// <summary>NLMSG_DONE: the end of a list.</summary>
    public const ushort Done = 3;

    private const int HeaderSize = 16;
    private ReadOnlySpan<byte> _rest = datagram;

    /// <summary>Type of the current message.</summary>
    public ushort Type { get; private set; }

    /// <summary>Its flags.</summary>
    public ushort Flags { get; private set; }

    /// <summary>Sequence number of the request it answers.</summary>
    public uint Sequence { get; private set; }

    /// <summary>What follows its header.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>Goes to the next message; false at the end.</summary>
    public bool Next()
    {
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        int length = MemoryMarshal.Read<int>(_rest);
        if (length < HeaderSize || length > _rest.Length)
        {
            return false;
        }

        Type = MemoryMarshal.Read<ushort>(_rest[4..]);
        Flags = MemoryMarshal.Read<ushort>(_rest[6..]);
        Sequence = MemoryMarshal.Read<uint>(_rest[8..]);
        Payload = _rest[HeaderSize..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
