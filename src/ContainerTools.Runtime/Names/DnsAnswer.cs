using System.Buffers.Binary;

namespace ContainerTools.Runtime.Names;

/// <summary>Writes the answer to a query; records that do not fit are left out, and the answer says that it is truncated.</summary>
internal ref struct DnsAnswer
{
    // A container that comes again may have another address, and the next answer costs microseconds: who keeps answers shall hardly keep them. Not 0,
    // which some caches take for an error.
    private const uint Lifetime = 1;

    // What we take over UDP; loopback has no path that could lose fragments.
    private const ushort OwnPayload = 1232;
    private const int OptionsSize = 11;
    private const int RecordSize = 12;
    private const ushort NameOfQuestion = 0xC00C;
    private readonly Span<byte> buffer;
    private readonly DnsQuery query;
    private readonly int limit;
    private int position;
    private ushort answers;
    private bool truncated;

    /// <summary>Begins an answer.</summary>
    /// <param name="query">What was asked; its question is repeated.</param>
    /// <param name="buffer">Where to; at least 512 bytes, and no more than the client takes.</param>
    public DnsAnswer(DnsQuery query, Span<byte> buffer)
    {
        this.query = query;
        this.buffer = buffer;
        limit = buffer.Length - (query.HasOptions ? OptionsSize : 0);
        query.Packet[..Math.Max(DnsQuery.HeaderSize, query.QuestionEnd)].CopyTo(buffer);
        position = Math.Max(DnsQuery.HeaderSize, query.QuestionEnd);
    }

    /// <summary>Adds an A or AAAA record.</summary>
    public void Address(ReadOnlySpan<byte> address) => Record(address.Length == 4 ? DnsType.Address : DnsType.Address6, address);

    /// <summary>Adds a PTR record.</summary>
    public void Pointer(ReadOnlySpan<byte> name) => Record(DnsType.Pointer, name);

    /// <summary>Ends the answer; returns its length.</summary>
    /// <param name="code">The response code.</param>
    /// <param name="authoritative">Whether it comes from the networks themselves.</param>
    public int End(DnsCode code, bool authoritative)
    {
        // From the query stay the id, RD and CD; an answer can recurse (RA).
        var header = buffer;
        header[2] = (byte)(0x80 | (query.Packet[2] & 0x79) | (authoritative ? 4 : 0) | (truncated ? 2 : 0));
        header[3] = (byte)(0x80 | (query.Packet[3] & 0x10) | ((int)code & 0xF));
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)(query.QuestionEnd > 0 ? 1 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], answers);
        BinaryPrimitives.WriteUInt16BigEndian(header[8..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)(query.HasOptions ? 1 : 0));
        if (query.HasOptions)
        {
            WriteOptions(code);
        }

        return position;
    }

    private void Record(ushort type, ReadOnlySpan<byte> data)
    {
        if (truncated || position + RecordSize + data.Length > limit)
        {
            truncated = true;
            return;
        }

        var record = buffer[position..];
        BinaryPrimitives.WriteUInt16BigEndian(record, NameOfQuestion);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], type);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], DnsType.Internet);
        BinaryPrimitives.WriteUInt32BigEndian(record[6..], Lifetime);
        BinaryPrimitives.WriteUInt16BigEndian(record[10..], (ushort)data.Length);
        data.CopyTo(record[RecordSize..]);
        position += RecordSize + data.Length;
        answers++;
    }

    private void WriteOptions(DnsCode code)
    {
        var record = buffer.Slice(position, OptionsSize);
        record.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(record[1..], DnsType.Options);
        BinaryPrimitives.WriteUInt16BigEndian(record[3..], OwnPayload);
        record[5] = (byte)((int)code >> 4);
        record[7] = (byte)(query.DnssecOk ? 0x80 : 0);
        position += OptionsSize;
    }
}
