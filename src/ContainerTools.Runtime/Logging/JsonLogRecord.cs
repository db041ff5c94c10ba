using System.Buffers.Text;
using System.Text;

namespace ContainerTools.Runtime.Logging;

/// <summary>Writes one record of Docker's json-file log: <c>{"log":"text\n","stream":"stdout","time":"2026-01-02T03:04:05.6Z"}</c>.</summary>
internal static class JsonLogRecord
{
    /// <summary>Bytes of a record beside its text.</summary>
    public const int Overhead = 80;

    /// <summary>Most bytes that one byte of text becomes: a control character as \u00XX.</summary>
    public const int Growth = 6;

    /// <summary>Formats a record; the destination must hold <see cref="Overhead"/> + <see cref="Growth"/> times the text. Returns the bytes written.</summary>
    public static int Format(Span<byte> destination, ReadOnlySpan<byte> text, ReadOnlySpan<byte> stream, DateTime time)
    {
        var length = Put(destination, 0, "{\"log\":\""u8);
        length = Escape(destination, length, text);
        length = Put(destination, length, "\",\"stream\":\""u8);
        length = Put(destination, length, stream);
        length = Put(destination, length, "\",\"time\":\""u8);
        length = Time(destination, length, time);
        return Put(destination, length, "\"}\n"u8);
    }

    private static int Escape(Span<byte> destination, int length, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExcept(Plain);
            if (plain < 0)
            {
                plain = text.Length;
            }

            text[..plain].CopyTo(destination[length..]);
            length += plain;
            text = text[plain..];
            if (text.IsEmpty)
            {
                break;
            }

            var first = text[0];
            if (first < 0x80)
            {
                length = EscapeAscii(destination, length, first);
                text = text[1..];
                continue;
            }

            var status = Rune.DecodeFromUtf8(text, out var rune, out var consumed);
            if (status != System.Buffers.OperationStatus.Done)
            {
                // Not UTF-8: the replacement character, as a JSON text must be readable.
                length = Put(destination, length, "\\ufffd"u8);
            }
            else if (rune.Value is 0x2028 or 0x2029)
            {
                length = Put(destination, length, rune.Value == 0x2028 ? "\\u2028"u8 : "\\u2029"u8);
            }
            else
            {
                length = Put(destination, length, text[..consumed]);
            }

            text = text[consumed..];
        }

        return length;
    }

    private static readonly System.Buffers.SearchValues<byte> Plain =
        System.Buffers.SearchValues.Create(" !#$%'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    private static int EscapeAscii(Span<byte> destination, int length, byte character)
    {
        switch (character)
        {
            case (byte)'"':
                return Put(destination, length, "\\\""u8);
            case (byte)'\\':
                return Put(destination, length, "\\\\"u8);
            case (byte)'\n':
                return Put(destination, length, "\\n"u8);
            case (byte)'\r':
                return Put(destination, length, "\\r"u8);
            case (byte)'\t':
                return Put(destination, length, "\\t"u8);
            case 0x7f:
                destination[length] = character;
                return length + 1;
            default:
                length = Put(destination, length, "\\u00"u8);
                destination[length] = "0123456789abcdef"u8[character >> 4];
                destination[length + 1] = "0123456789abcdef"u8[character & 15];
                return length + 2;
        }
    }

    // RFC 3339 with up to nine digits, trailing zeros left out.
    private static int Time(Span<byte> destination, int length, DateTime time)
    {
        Utf8Formatter.TryFormat(time, destination[length..], out var written, 'O');
        var end = length + written - 1;
        while (destination[end - 1] == (byte)'0')
        {
            end--;
        }

        if (destination[end - 1] == (byte)'.')
        {
            end--;
        }

        destination[end] = (byte)'Z';
        return end + 1;
    }

    private static int Put(Span<byte> destination, int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(destination[length..]);
        return length + bytes.Length;
    }
}
