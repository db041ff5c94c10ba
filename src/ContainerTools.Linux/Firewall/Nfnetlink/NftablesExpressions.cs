using System.Buffers.Binary;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Firewall.Nfnetlink;

/// <summary>Writes the expressions of a rule, in the order in which the kernel evaluates them, with one register (linux/netfilter/nf_tables.h).</summary>
internal readonly struct NftablesExpressions
{
    /// <summary>Base of offsets: the IP header (NFT_PAYLOAD_NETWORK_HEADER).</summary>
    public const int NetworkHeader = 1;

    /// <summary>Base of offsets: the header of TCP or UDP (NFT_PAYLOAD_TRANSPORT_HEADER).</summary>
    public const int TransportHeader = 2;

    private const int ListElement = 1;
    private const int ExpressionName = 1;
    private const int ExpressionData = 2;
    private const int DataValue = 1;
    private const int Register = 1;         // NFT_REG_1
    private const int ProtocolKey = 16;     // NFT_META_L4PROTO
    private const int InternetChecksum = 1; // NFT_PAYLOAD_CSUM_INET
    private readonly NetlinkWriter _writer;
    private readonly int _list;

    /// <summary>Begins the expressions of a rule.</summary>
    public NftablesExpressions(NetlinkWriter rule) => (_writer, _list) = (rule, rule.Begin(NftablesAttribute.RuleExpressions));

    /// <summary>Ends them.</summary>
    public void End() => _writer.End(_list);

    /// <summary>Loads the number of the protocol above IP.</summary>
    public void LoadProtocol()
    {
        (int element, int data) = Begin("meta");
        Number(1, Register);
        Number(2, ProtocolKey);
        End(element, data);
    }

    /// <summary>Loads bytes of the packet.</summary>
    public void LoadPayload(int header, int offset, int length)
    {
        (int element, int data) = Begin("payload");
        Number(1, Register);
        Number(2, header);
        Number(3, offset);
        Number(4, length);
        End(element, data);
    }

    /// <summary>Ends the rule unless these bytes are loaded.</summary>
    public void Equal(ReadOnlySpan<byte> value)
    {
        (int element, int data) = Begin("cmp");
        Number(1, Register);
        Number(2, 0); // NFT_CMP_EQ
        Value(3, value);
        End(element, data);
    }

    /// <summary>Loads bytes of one's own.</summary>
    public void Load(ReadOnlySpan<byte> value)
    {
        (int element, int data) = Begin("immediate");
        Number(1, Register);
        Value(2, value);
        End(element, data);
    }

    /// <summary>Writes what is loaded to the packet, and puts the checksum right that lies in the same header.</summary>
    public void StorePayload(int header, int offset, int length, int checksumOffset)
    {
        (int element, int data) = Begin("payload");
        Number(5, Register);
        Number(2, header);
        Number(3, offset);
        Number(4, length);
        Number(6, InternetChecksum);
        Number(7, checksumOffset);
        End(element, data);
    }

    /// <summary>Takes the packet from connection tracking; only before that sees it.</summary>
    public void DoNotTrack()
    {
        (int element, int data) = Begin("notrack");
        End(element, data);
    }

    private (int Element, int Data) Begin(string name)
    {
        int element = _writer.Begin(ListElement);
        _writer.Text(ExpressionName, name);
        return (element, _writer.Begin(ExpressionData));
    }

    private void End(int element, int data)
    {
        _writer.End(data);
        _writer.End(element);
    }

    private void Number(int type, int value) => _writer.Number(type, BinaryPrimitives.ReverseEndianness(value));

    private void Value(int type, ReadOnlySpan<byte> value)
    {
        int start = _writer.Begin(type);
        _writer.Attribute(DataValue, value);
        _writer.End(start);
    }
}
