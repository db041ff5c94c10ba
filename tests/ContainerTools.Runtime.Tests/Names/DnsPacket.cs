using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace ContainerTools.Runtime.Tests.Names;

/// <summary>Packets of a client, written and read independently of the code under test.</summary>
internal sealed record DnsPacket(byte[] Bytes)
{
    public const ushort A = 1;
    public const ushort Ptr = 12;
    public const ushort Txt = 16;
    public const ushort Aaaa = 28;
    public const ushort Opt = 41;
    public const ushort Any = 255;

    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Bytes);

    public bool IsAnswer => (Bytes[2] & 0x80) != 0;

    public bool Authoritative => (Bytes[2] & 4) != 0;

    public bool Truncated => (Bytes[2] & 2) != 0;

    public bool RecursionAvailable => (Bytes[3] & 0x80) != 0;

    public int Code => Bytes[3] & 0xF;

    /// <summary>Type, lifetime and data of every record, the question left out.</summary>
    public IReadOnlyList<(ushort Type, uint Lifetime, byte[] Data)> Records
    {
        get
        {
            var position = 12;
            if (Count(4) == 1)
            {
                Skip(ref position);
                position += 4;
            }

            var records = new List<(ushort, uint, byte[])>();
            for (var left = Count(6) + Count(8) + Count(10); left > 0; left--)
            {
                Skip(ref position);
                var length = Number(position + 8);
                records.Add(((ushort)Number(position), BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(position + 4)), Bytes[(position + 10)..(position + 10 + length)]));
                position += 10 + length;
            }

            Assert.Equal(Bytes.Length, position);
            return records;
        }
    }

    public string[] Addresses => [.. Records.Where(record => record.Type is A or Aaaa).Select(record => new IPAddress(record.Data).ToString())];

    public string[] Pointers => [.. Records.Where(record => record.Type == Ptr).Select(record => Text(record.Data))];

    public static DnsPacket Query(string name, ushort type = A, ushort id = 0x1234, int? payload = null, ushort dnsClass = 1, byte version = 0)
    {
        List<byte> bytes = [(byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, (byte)(payload is null ? 0 : 1)];
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        bytes.AddRange([0, (byte)(type >> 8), (byte)type, (byte)(dnsClass >> 8), (byte)dnsClass]);
        if (payload is { } size)
        {
            bytes.AddRange([0, 0, 41, (byte)(size >> 8), (byte)size, 0, version, 0x80, 0, 0, 0]);
        }

        return new DnsPacket([.. bytes]);
    }

    /// <summary>An answer to this query.</summary>
    /// <param name="code">Response code.</param>
    /// <param name="addresses">IPv4 addresses of A records.</param>
    public DnsPacket Answer(int code, params string[] addresses)
    {
        var end = 12;
        Skip(ref end);
        List<byte> bytes = [.. Bytes[..(end + 4)]];
        (bytes[2], bytes[3], bytes[7], bytes[11]) = ((byte)(bytes[2] | 0x80), (byte)(0x80 | code), (byte)addresses.Length, 0);
        foreach (var address in addresses)
        {
            bytes.AddRange([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. IPAddress.Parse(address).GetAddressBytes()]);
        }

        return new DnsPacket([.. bytes]);
    }

    private static string Text(byte[] name)
    {
        var labels = new List<string>();
        for (var position = 0; name[position] != 0; position += name[position] + 1)
        {
            labels.Add(Encoding.ASCII.GetString(name, position + 1, name[position]));
        }

        return string.Join('.', labels);
    }

    private int Count(int offset) => Number(offset);

    private int Number(int offset) => BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(offset));

    private void Skip(ref int position)
    {
        while (Bytes[position] is not 0 and < 0xC0)
        {
            position += Bytes[position] + 1;
        }

        position += Bytes[position] == 0 ? 1 : 2;
    }
}
