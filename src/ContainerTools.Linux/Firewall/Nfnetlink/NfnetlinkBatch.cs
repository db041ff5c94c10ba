using System.Runtime.InteropServices;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Firewall.Nfnetlink;

/// <summary>
/// Changes to nftables that are made together or not at all: messages between BATCH_BEGIN and BATCH_END (linux/netfilter/nfnetlink.h), carried out by
/// <see cref="NfnetlinkSocket"/>. As bytes it can be kept for somebody else.
/// </summary>
public sealed class NfnetlinkBatch
{
    /// <summary>Flag of messages that make something that may be there (NLM_F_CREATE).</summary>
    internal const ushort Create = 0x400;

    /// <summary>Flag of messages that make something that must not be there (NLM_F_EXCL): EEXIST otherwise.</summary>
    internal const ushort Exclusive = 0x200;

    /// <summary>Flag of rules that come after those that are there (NLM_F_APPEND).</summary>
    internal const ushort Append = 0x800;

    /// <summary>What errors about the batch as a whole are said to be of.</summary>
    internal const string BeginName = "NFNL_MSG_BATCH_BEGIN";

    private const ushort Begin = 16;
    private const ushort End = 17;
    private const int HeaderSize = 16;
    private const int FlagsOffset = 6;
    private const int SequenceOffset = 8;
    private static readonly byte[] s_begin = NfnetlinkRequest.WriteFraming(Begin, NfnetlinkRequest.Nftables).ToMessage();
    private static readonly byte[] s_end = NfnetlinkRequest.WriteFraming(End, NfnetlinkRequest.Nftables).ToMessage();
    private readonly List<(NetlinkWriter Writer, string Subject)> _open = [];
    private readonly List<NetlinkRequest> _messages = [];

    /// <summary>How many messages there are.</summary>
    public int Count => _messages.Count + _open.Count;

    /// <summary>The messages, without those that frame them.</summary>
    internal IReadOnlyList<NetlinkRequest> Messages
    {
        get
        {
            _messages.AddRange(_open.Select(message => Request(message.Writer.ToMessage(), message.Subject)));
            _open.Clear();
            return _messages;
        }
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="ArgumentException">The bytes are no batch.</exception>
    public static NfnetlinkBatch Read(ReadOnlySpan<byte> bytes)
    {
        var batch = new NfnetlinkBatch();
        int length;
        for (ReadOnlySpan<byte> rest = bytes; !rest.IsEmpty; rest = rest[length..])
        {
            length = rest.Length < HeaderSize ? 0 : MemoryMarshal.Read<int>(rest);
            if (length < HeaderSize || length % 4 != 0 || length > rest.Length)
            {
                throw new ArgumentException($"At byte {bytes.Length - rest.Length} begins no netlink message.", nameof(bytes));
            }

            int type = MemoryMarshal.Read<ushort>(rest[4..]);
            if (type >> 8 == NfnetlinkRequest.Nftables)
            {
                batch._messages.Add(Request(rest[..length].ToArray(), ""));
            }
            else if (type is not (Begin or End))
            {
                throw new ArgumentException($"At byte {bytes.Length - rest.Length} begins a message that is not of nftables.", nameof(bytes));
            }
        }

        return batch;
    }

    /// <summary>The whole batch, as it goes to the kernel.</summary>
    public byte[] ToBytes() => Frame(Messages, 0);

    /// <summary>Begins a message; its attributes are written to what is returned.</summary>
    /// <param name="type">One of <see cref="NftablesMessage"/>.</param>
    /// <param name="family">One of <see cref="NftablesFamily"/>.</param>
    /// <param name="flags"><see cref="Create"/>, <see cref="Append"/>, or none.</param>
    /// <param name="subject">What it is about, for errors.</param>
    internal NetlinkWriter Add(ushort type, byte family, ushort flags = 0, string subject = "")
    {
        NetlinkWriter writer = NfnetlinkRequest.Write(NfnetlinkRequest.Nftables, type, flags, family);
        _open.Add((writer, subject));
        return writer;
    }

    /// <summary>
    /// Frames messages. BATCH_BEGIN gets the first number, the messages those that follow. The last message before BATCH_END asks to be acknowledged: the
    /// kernel acknowledges BATCH_END only since Linux 6.10.
    /// </summary>
    internal static byte[] Frame(IReadOnlyList<NetlinkRequest> messages, uint first)
    {
        var bytes = new byte[s_begin.Length + messages.Sum(message => message.Message.Length) + s_end.Length];
        Span<byte> rest = Put(bytes, s_begin, first);
        for (int index = 0; index < messages.Count; index++)
        {
            Span<byte> message = rest;
            rest = Put(rest, messages[index].Message, first + 1 + (uint)index);
            ushort flags = (ushort)(MemoryMarshal.Read<ushort>(message[FlagsOffset..]) & ~NetlinkRequest.Acknowledge);
            MemoryMarshal.Write(message[FlagsOffset..], (ushort)(index == messages.Count - 1 ? flags | NetlinkRequest.Acknowledge : flags));
        }

        Put(rest, s_end, first + 1 + (uint)messages.Count);
        return bytes;
    }

    private static Span<byte> Put(Span<byte> target, byte[] message, uint sequence)
    {
        message.CopyTo(target);
        MemoryMarshal.Write(target[SequenceOffset..], sequence);
        return target[message.Length..];
    }

    private static NetlinkRequest Request(byte[] message, string subject) => new(NftablesMessage.Name(message[4]), subject, message);
}
