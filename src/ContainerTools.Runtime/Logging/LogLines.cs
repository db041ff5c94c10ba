using System.Runtime.InteropServices;

namespace ContainerTools.Runtime.Logging;

/// <summary>Cuts one output stream into lines of at most 16 KiB and appends them to the log as records.</summary>
/// <param name="file">The log.</param>
/// <param name="stream">Name of the stream in the records.</param>
internal sealed unsafe class LogLines(JsonLogFile file, string stream) : IDisposable
{
    /// <summary>Longest piece of a line in one record, as Docker has it; longer lines become several records, of which only the last ends with a newline.</summary>
    public const int LongestLine = 16 * 1024;

    /// <summary>Bytes of scratch memory that <see cref="Append"/> needs.</summary>
    public const int ScratchSize = 2 * LongestRecord;

    private const int LongestRecord = (LongestLine * JsonLogRecord.Growth) + JsonLogRecord.Overhead;
    private readonly byte[] streamName = System.Text.Encoding.ASCII.GetBytes(stream);

    // The begun line; unmanaged, and given back as soon as it is complete.
    private byte* pending;
    private int pendingLength;

    /// <summary>Takes output; complete lines are in the log when it returns.</summary>
    public void Append(ReadOnlySpan<byte> data, DateTime time, Span<byte> scratch)
    {
        var used = 0;
        while (!data.IsEmpty)
        {
            var newline = data.IndexOf((byte)'\n');
            var take = newline < 0 ? data.Length : newline + 1;
            if (pendingLength == 0 && newline >= 0 && take <= LongestLine)
            {
                used = Add(scratch, used, data[..take], time);
            }
            else
            {
                take = Math.Min(take, LongestLine - pendingLength);
                used = Continue(scratch, used, data[..take], time);
            }

            data = data[take..];
        }

        file.Append(scratch[..used]);
    }

    /// <summary>Writes the begun line although no newline ended it.</summary>
    public void Flush(DateTime time, Span<byte> scratch)
    {
        if (pendingLength > 0)
        {
            file.Append(scratch[..Add(scratch, 0, new ReadOnlySpan<byte>(pending, pendingLength), time)]);
        }

        Dispose();
    }

    public void Dispose()
    {
        NativeMemory.Free(pending);
        pending = null;
        pendingLength = 0;
    }

    private int Continue(Span<byte> scratch, int used, ReadOnlySpan<byte> piece, DateTime time)
    {
        if (pending == null)
        {
            pending = (byte*)NativeMemory.Alloc(LongestLine);
        }

        piece.CopyTo(new Span<byte>(pending + pendingLength, LongestLine - pendingLength));
        pendingLength += piece.Length;
        var line = new Span<byte>(pending, pendingLength);
        if (piece[^1] == (byte)'\n')
        {
            used = Add(scratch, used, line, time);
            Dispose();
        }
        else if (pendingLength == LongestLine)
        {
            // A character cut in two would be lost in both records: its beginning waits for its end.
            var tail = IncompleteTail(line);
            used = Add(scratch, used, line[..^tail], time);
            line[^tail..].CopyTo(line);
            pendingLength = tail;
        }

        return used;
    }

    private int Add(Span<byte> scratch, int used, ReadOnlySpan<byte> text, DateTime time)
    {
        if (scratch.Length - used < (text.Length * JsonLogRecord.Growth) + JsonLogRecord.Overhead)
        {
            file.Append(scratch[..used]);
            used = 0;
        }

        var length = JsonLogRecord.Format(scratch[used..], text, streamName, time);
        if (file.Size + used > 0 && used + length > file.Room)
        {
            file.Append(scratch[..used]);
            file.Rotate();
            scratch.Slice(used, length).CopyTo(scratch);
            used = 0;
        }

        return used + length;
    }

    private static int IncompleteTail(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back <= 3; back++)
        {
            var value = text[^back];
            if (value < 0x80)
            {
                return 0;
            }

            if (value >= 0xc0)
            {
                var length = value >= 0xf0 ? 4 : value >= 0xe0 ? 3 : 2;
                return length > back ? back : 0;
            }
        }

        return 0;
    }
}
