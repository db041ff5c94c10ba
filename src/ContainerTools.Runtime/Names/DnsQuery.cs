using System.Buffers.Binary;

namespace ContainerTools.Runtime.Names;

/// <summary>A query as it came (RFC 1035 4, RFC 6891). Reading goes forward only, so that no packet can make it loop.</summary>
internal ref struct DnsQuery
{
    public const int HeaderSize = 12;
    public const int LongestName = 255;
    public const int PlainPayload = 512;
    private const int LongestLabel = 63;

    /// <summary>All of it.</summary>
    public ReadOnlySpan<byte> Packet;

    /// <summary>The name that is asked for, as in the packet but in lower case: labels with their lengths before them, and a zero.</summary>
    public ReadOnlySpan<byte> Name;

    /// <summary>Where the question ends; 0 when none could be read.</summary>
    public int QuestionEnd;

    public ushort Type;

    public ushort Class;

    /// <summary>Whether there is an OPT record.</summary>
    public bool HasOptions;

    /// <summary>Bytes the client takes in a UDP answer.</summary>
    public int Payload;

    public bool DnssecOk;

    /// <summary>Reads a packet; false when it is no query, and deserves no answer.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="name">Space for <see cref="LongestName"/> bytes.</param>
    /// <param name="query">What was read.</param>
    /// <param name="code">What to answer at once if it is not <see cref="DnsCode.NoError"/>.</param>
    public static bool TryRead(ReadOnlySpan<byte> packet, Span<byte> name, out DnsQuery query, out DnsCode code)
    {
        query = new DnsQuery { Packet = packet, Payload = PlainPayload };
        code = DnsCode.FormatError;

        // An answer to an answer could go to and fro for ever.
        if (packet.Length < HeaderSize || (packet[2] & 0x80) != 0)
        {
            return false;
        }

        if ((packet[2] & 0x78) != 0)
        {
            code = DnsCode.NotImplemented;
            return true;
        }

        if (Count(packet, 4) == 1 && query.ReadQuestion(name))
        {
            var records = Count(packet, 6) + Count(packet, 8) + Count(packet, 10);
            code = query.ReadRecords(records);
        }

        return true;
    }

    private static int Count(ReadOnlySpan<byte> packet, int offset) => BinaryPrimitives.ReadUInt16BigEndian(packet[offset..]);

    // No compression: nothing stands before the question that it could point to.
    private bool ReadQuestion(Span<byte> name)
    {
        var position = HeaderSize;
        while (position < Packet.Length)
        {
            int length = Packet[position];
            var end = position + 1 + length;
            if (length > LongestLabel || end > Packet.Length || end - HeaderSize > LongestName)
            {
                return false;
            }

            name[position - HeaderSize] = (byte)length;
            for (var index = position + 1; index < end; index++)
            {
                name[index - HeaderSize] = Lower(Packet[index]);
            }

            position = end;
            if (length == 0)
            {
                break;
            }
        }

        if (position + 4 > Packet.Length || Packet[position - 1] != 0 || position == HeaderSize)
        {
            return false;
        }

        Name = name[..(position - HeaderSize)];
        Type = BinaryPrimitives.ReadUInt16BigEndian(Packet[position..]);
        Class = BinaryPrimitives.ReadUInt16BigEndian(Packet[(position + 2)..]);
        QuestionEnd = position + 4;
        return true;
    }

    private DnsCode ReadRecords(int records)
    {
        const int Fixed = 10;
        var position = QuestionEnd;
        var version = 0;
        for (; records > 0; records--)
        {
            var start = position;
            if (!SkipName(ref position) || position + Fixed > Packet.Length)
            {
                return DnsCode.FormatError;
            }

            var record = Packet[position..];
            if (BinaryPrimitives.ReadUInt16BigEndian(record) == DnsType.Options)
            {
                // One, of the root (RFC 6891 6.1.1).
                if (HasOptions || position != start + 1)
                {
                    return DnsCode.FormatError;
                }

                HasOptions = true;
                Payload = Math.Max(PlainPayload, (int)BinaryPrimitives.ReadUInt16BigEndian(record[2..]));
                version = record[5];
                DnssecOk = (record[6] & 0x80) != 0;
            }

            position += Fixed + BinaryPrimitives.ReadUInt16BigEndian(record[8..]);
            if (position > Packet.Length)
            {
                return DnsCode.FormatError;
            }
        }

        return version == 0 ? DnsCode.NoError : DnsCode.BadVersion;
    }

    /// <summary>Goes over a name, whose last label may be a pointer, which is not followed.</summary>
    private readonly bool SkipName(ref int position)
    {
        while (position < Packet.Length)
        {
            int length = Packet[position++];
            if (length == 0)
            {
                return true;
            }

            if ((length & 0xC0) == 0xC0)
            {
                return ++position <= Packet.Length;
            }

            if (length > LongestLabel)
            {
                return false;
            }

            position += length;
        }

        return false;
    }

    /// <summary>Lower case as the DNS has it: ASCII alone (RFC 4343).</summary>
    public static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
}
