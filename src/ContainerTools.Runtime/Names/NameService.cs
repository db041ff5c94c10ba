namespace ContainerTools.Runtime.Names;

/// <summary>Answers queries from the networks' names: a packet in, a packet out.</summary>
internal sealed class NameService
{
    /// <summary>What <see cref="Answer"/> returns for a query that the servers of the host are to be asked.</summary>
    public const int AskServers = -1;

    private const int LongestAnswer = 65535;
    private uint turn;

    /// <summary>The networks, in the order in which they are asked.</summary>
    public IReadOnlyList<NameDirectory> Networks { get; set; } = [];

    /// <summary>Whether there is somebody to ask for names that no network knows.</summary>
    public bool HasServers { get; set; }

    /// <summary>Reads what has changed in the networks' directories.</summary>
    public void Refresh(long now)
    {
        for (var index = 0; index < Networks.Count; index++)
        {
            Networks[index].Refresh(now);
        }
    }

    /// <summary>Gives the memory of names back until the next <see cref="Refresh"/>.</summary>
    public void Forget()
    {
        for (var index = 0; index < Networks.Count; index++)
        {
            Networks[index].Forget();
        }
    }

    /// <summary>Writes the answer to a packet; returns its length, 0 for none, or <see cref="AskServers"/>.</summary>
    /// <param name="packet">What came.</param>
    /// <param name="buffer">Space for an answer; over UDP the answer is no larger than the client takes.</param>
    /// <param name="stream">Whether it came over TCP, where the client takes anything.</param>
    public int Answer(ReadOnlySpan<byte> packet, Span<byte> buffer, bool stream)
    {
        Span<byte> name = stackalloc byte[DnsQuery.LongestName];
        if (!DnsQuery.TryRead(packet, name, out var query, out var code))
        {
            return 0;
        }

        var answer = new DnsAnswer(query, buffer[..Math.Min(buffer.Length, stream ? LongestAnswer : query.Payload)]);
        if (code == DnsCode.NoError && (query.Class is not (DnsType.Internet or DnsType.Any) || query.Type is DnsType.Transfer or DnsType.IncrementalTransfer))
        {
            code = DnsCode.Refused;
        }

        if (code != DnsCode.NoError)
        {
            return answer.End(code, authoritative: false);
        }

        if (TryName(query, ref answer) || TryReverse(query, ref answer))
        {
            // Without records this is NODATA: the name is there, records of that type are not, and nobody else may say otherwise.
            return answer.End(DnsCode.NoError, authoritative: true);
        }

        return HasServers ? AskServers : answer.End(DnsCode.NameError, authoritative: false);
    }

    /// <summary>Writes an answer that has nothing but a code.</summary>
    public static int Fail(ReadOnlySpan<byte> packet, Span<byte> buffer, DnsCode code)
    {
        Span<byte> name = stackalloc byte[DnsQuery.LongestName];
        return DnsQuery.TryRead(packet, name, out var query, out _) ? new DnsAnswer(query, buffer).End(code, authoritative: false) : 0;
    }

    private static bool Wants(DnsQuery query, int addressLength) =>
        query.Type == DnsType.Any || query.Type == (addressLength == 4 ? DnsType.Address : DnsType.Address6);

    private bool TryName(DnsQuery query, ref DnsAnswer answer)
    {
        var hash = NameTable.Hash(query.Name);
        for (var index = 0; index < Networks.Count; index++)
        {
            var table = Networks[index].Table;
            var first = table.Next(-1, hash, query.Name, pointer: false);
            if (first < 0)
            {
                continue;
            }

            var count = 0;
            for (var entry = first; entry >= 0; entry = table.Next(entry, hash, query.Name, pointer: false))
            {
                count += Wants(query, table.Address(entry).Length) ? 1 : 0;
            }

            if (count > 0)
            {
                // Clients take the first: each answer begins with another one, and goes round.
                var start = (int)(turn++ % (uint)count);
                Write(query, ref answer, table, hash, start, count);
                Write(query, ref answer, table, hash, 0, start);
            }

            return true;
        }

        return false;
    }

    private static void Write(DnsQuery query, ref DnsAnswer answer, NameTable table, uint hash, int from, int to)
    {
        var position = 0;
        for (var entry = table.Next(-1, hash, query.Name, pointer: false); entry >= 0 && position < to; entry = table.Next(entry, hash, query.Name, pointer: false))
        {
            var address = table.Address(entry);
            if (Wants(query, address.Length) && position++ >= from)
            {
                answer.Address(address);
            }
        }
    }

    private bool TryReverse(DnsQuery query, ref DnsAnswer answer)
    {
        Span<byte> space = stackalloc byte[16];
        ReadOnlySpan<byte> address = space[..DnsName.DecodeReverse(query.Name, space)];
        if (address.IsEmpty)
        {
            return false;
        }

        var hash = NameTable.Hash(address);
        var known = false;
        for (var index = 0; index < Networks.Count && !known; index++)
        {
            var table = Networks[index].Table;
            for (var entry = table.Next(-1, hash, address, pointer: true); entry >= 0; entry = table.Next(entry, hash, address, pointer: true))
            {
                known = true;
                if (query.Type is DnsType.Pointer or DnsType.Any)
                {
                    answer.Pointer(table.Name(entry));
                }
            }
        }

        return known;
    }
}
