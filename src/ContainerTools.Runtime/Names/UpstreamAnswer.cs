using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ContainerTools.Runtime.Names;

/// <summary>Looks at answers of servers; their records are passed on as they are.</summary>
internal static unsafe partial class UpstreamAnswer
{
    /// <summary>Says what an answer is worth (RFC 5452 9.1: same id, same question; the socket sees to the source).</summary>
    public static UpstreamVerdict Judge(ReadOnlySpan<byte> query, ReadOnlySpan<byte> answer)
    {
        if (answer.Length < DnsQuery.HeaderSize || !answer[..2].SequenceEqual(query[..2]) || (answer[2] & 0x80) == 0)
        {
            return UpstreamVerdict.Foreign;
        }

        var code = (DnsCode)(answer[3] & 0xF);
        var failed = code is DnsCode.ServerFailure or DnsCode.NotImplemented or DnsCode.Refused;
        Span<byte> name = stackalloc byte[DnsQuery.LongestName];
        _ = DnsQuery.TryRead(query, name, out var question, out _);
        if (BinaryPrimitives.ReadUInt16BigEndian(answer[4..]) == 0)
        {
            // A server that did not understand the question does not repeat it.
            return failed || code == DnsCode.FormatError ? UpstreamVerdict.Failed : UpstreamVerdict.Foreign;
        }

        return !Repeats(question, answer) ? UpstreamVerdict.Foreign
            : failed ? UpstreamVerdict.Failed
            : UpstreamVerdict.Answer;
    }

    /// <summary>Makes an answer fit for what the client takes over UDP, if need be by leaving it to ask again over TCP; returns the length.</summary>
    public static int Fit(ReadOnlySpan<byte> query, Span<byte> answer)
    {
        Span<byte> name = stackalloc byte[DnsQuery.LongestName];
        _ = DnsQuery.TryRead(query, name, out var question, out _);
        if (answer.Length <= question.Payload)
        {
            return answer.Length;
        }

        answer[2] |= 2;
        answer[6..DnsQuery.HeaderSize].Clear();
        return question.QuestionEnd;
    }

    /// <summary>An id that nobody can guess.</summary>
    public static ushort RandomId()
    {
        ushort id;
        return getrandom(&id, sizeof(ushort), 0) == sizeof(ushort) ? id : throw Linux.LinuxException.FromLastError("getrandom");
    }

    private static bool Repeats(DnsQuery question, ReadOnlySpan<byte> answer)
    {
        if (answer.Length < question.QuestionEnd || BinaryPrimitives.ReadUInt16BigEndian(answer[4..]) != 1)
        {
            return false;
        }

        var nameEnd = question.QuestionEnd - 4;
        for (var index = DnsQuery.HeaderSize; index < nameEnd; index++)
        {
            if (DnsQuery.Lower(answer[index]) != question.Name[index - DnsQuery.HeaderSize])
            {
                return false;
            }
        }

        return answer[nameEnd..question.QuestionEnd].SequenceEqual(question.Packet[nameEnd..question.QuestionEnd]);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getrandom(void* buffer, nuint size, uint flags);
}
