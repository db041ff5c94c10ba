using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Firewall.Nfnetlink;

/// <summary>
/// Changes to nftables that are made together or not at all: messages between BATCH_BEGIN and BATCH_END (linux/netfilter/nfnetlink.h). It is bytes alone and may be
/// kept; <see cref="NfnetlinkSocket"/> carries it out.
/// </summary>
internal sealed class NfnetlinkBatch
{
    /// <summary>Flag of messages that make something that may be there (NLM_F_CREATE).</summary>
    public const ushort Create = 0x400;

    /// <summary>Flag of rules that come after those that are there (NLM_F_APPEND).</summary>
    public const ushort Append = 0x800;

    private const int FlagsOffset = 6;
    private const int SequenceOffset = 8;
    private const ushort Request = 1;
    private const ushort Acknowledge = 4;
    private const ushort Begin = 16;
    private const ushort End = 17;
    private const ushort Subsystem = 10; // NFNL_SUBSYS_NFTABLES
    private readonly List<NetlinkWriter> _messages = [];

    /// <summary>Begins a message; its attributes are written to what is returned.</summary>
    /// <param name="type">One of <see cref="NftablesMessage"/>.</param>
    /// <param name="family">One of <see cref="NftablesFamily"/>.</param>
    /// <param name="flags"><see cref="Create"/>, <see cref="Append"/>, or none.</param>
    public NetlinkWriter Add(ushort type, byte family, ushort flags = 0)
    {
        NetlinkWriter message = Message((ushort)((Subsystem << 8) | type), flags, family, 0);
        _messages.Add(message);
        return message;
    }

    /// <summary>The whole batch. Its messages are numbered from 0, BATCH_BEGIN first; the last one before BATCH_END asks to be acknowledged.</summary>
    public byte[] ToBytes()
    {
        List<byte> bytes = [.. Message(Begin, 0, 0, Subsystem).ToMessage()];
        for (int index = 0; index < _messages.Count; index++)
        {
            byte[] message = _messages[index].ToMessage();
            MemoryMarshal.Write(message.AsSpan(SequenceOffset), index + 1);
            if (index == _messages.Count - 1)
            {
                message[FlagsOffset] |= (byte)Acknowledge;
            }

            bytes.AddRange(message);
        }

        byte[] end = Message(End, 0, 0, Subsystem).ToMessage();
        MemoryMarshal.Write(end.AsSpan(SequenceOffset), _messages.Count + 1);
        bytes.AddRange(end);
        return [.. bytes];
    }

    // struct nfgenmsg: family, version 0, and a number in network byte order.
    private static NetlinkWriter Message(ushort type, ushort flags, byte family, ushort resource)
    {
        var writer = new NetlinkWriter(type, (ushort)(Request | flags));
        Span<byte> header = writer.Take(4);
        header[0] = family;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], resource);
        return writer;
    }
}
