using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ContainerTools.Engine.Networks.Testing;

/// <summary>Asks a name server for the addresses of a name (RFC 1035), from the network namespace of the calling thread.</summary>
internal static class NameQuery
{
    private const ushort TypeA = 1;
    private const ushort TypeAaaa = 28;
    private const int HeaderSize = 12;

    /// <summary>The addresses, IPv4 first; empty when the server knows none. Throws <see cref="SocketException"/> when nobody answers.</summary>
    public static IReadOnlyList<IPAddress> Ask(IPAddress server, string name, TimeSpan timeout) => [.. Ask(server, name, TypeA, timeout), .. Ask(server, name, TypeAaaa, timeout)];

    private static List<IPAddress> Ask(IPAddress server, string name, ushort type, TimeSpan timeout)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)timeout.TotalMilliseconds };
        socket.Connect(server, 53);
        var query = Query(name, type);
        _ = socket.Send(query);
        var buffer = new byte[4096];
        while (true)
        {
            var answer = buffer.AsSpan(0, socket.Receive(buffer));
            if (answer.Length >= HeaderSize && answer[..2].SequenceEqual(query.AsSpan(0, 2)))
            {
                return Addresses(answer, query.Length, type);
            }
        }
    }

    private static byte[] Query(string name, ushort type)
    {
        var bytes = new List<byte>(RandomNumberGenerator.GetBytes(2)) { 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.TrimEnd('.').Split('.'))
        {
            var text = Encoding.ASCII.GetBytes(label);
            bytes.Add((byte)Math.Min(text.Length, 63));
            bytes.AddRange(text.Take(63));
        }

        bytes.AddRange([0, (byte)(type >> 8), (byte)type, 0, 1]);
        return [.. bytes];
    }

    private static List<IPAddress> Addresses(ReadOnlySpan<byte> answer, int offset, ushort type)
    {
        var addresses = new List<IPAddress>();
        for (var count = BinaryPrimitives.ReadUInt16BigEndian(answer[6..]); count > 0; count--)
        {
            offset = SkipName(answer, offset);
            if (offset + 10 > answer.Length)
            {
                break;
            }

            var (found, length) = (BinaryPrimitives.ReadUInt16BigEndian(answer[offset..]), BinaryPrimitives.ReadUInt16BigEndian(answer[(offset + 8)..]));
            offset += 10;
            if (offset + length > answer.Length)
            {
                break;
            }

            if (found == type && length is 4 or 16)
            {
                addresses.Add(new IPAddress(answer.Slice(offset, length)));
            }

            offset += length;
        }

        return addresses;
    }

    private static int SkipName(ReadOnlySpan<byte> answer, int offset)
    {
        while (offset < answer.Length)
        {
            var length = answer[offset];
            if (length == 0)
            {
                return offset + 1;
            }

            if (length >= 0xC0)
            {
                return offset + 2;
            }

            offset += length + 1;
        }

        return offset;
    }
}
