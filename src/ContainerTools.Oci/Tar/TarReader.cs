using System.Text;

namespace ContainerTools.Oci.Tar;

/// <summary>
/// Reads a tar (ustar, GNU, PAX, v7) from a stream in one pass, with bounded memory whatever the archive says. Errors are
/// <see cref="OciFormatException"/> with the byte offset: <c>InvalidTar</c>, <c>TarTruncated</c>, <c>TarNotSupported</c>.
/// </summary>
public sealed class TarReader
{
    internal const int BlockSize = 512;
    private const int MaximumMetadata = 1 << 20;
    private readonly Stream _stream;
    private readonly byte[] _buffer;
    private readonly bool _requireEnd;
    private int _start;
    private int _end;
    private long _consumed;
    private long _remaining;
    private int _padding;
    private bool _ended;

    /// <summary>Reads from <paramref name="stream"/>, which is not closed.</summary>
    /// <param name="stream">The tar, uncompressed.</param>
    /// <param name="requireEnd">Take a missing end marker for truncation; set unless a digest tells.</param>
    /// <param name="bufferSize">Bytes asked from the stream at once.</param>
    public TarReader(Stream stream, bool requireEnd = true, int bufferSize = 256 * 1024)
    {
        _stream = stream;
        _requireEnd = requireEnd;
        _buffer = new byte[Math.Max(bufferSize, 2 * BlockSize)];
    }

    /// <summary>Offset in the tar of the next byte this reader hands out: after <see cref="Next"/>, where the entry's content begins.</summary>
    public long Position => _consumed;

    /// <summary>
    /// Called, in order, with every byte of the tar that <see cref="ReadChunk"/> and <see cref="ReadAll"/> did not hand out: headers, padding, unread content,
    /// and what follows the end marker once <see cref="Drain"/> has run. Together with the content it is the whole tar.
    /// </summary>
    public Action<ReadOnlySpan<byte>>? Structure { get; set; }

    /// <summary>The next entry, or null at the end. Content of the entry before that was not read is skipped.</summary>
    public TarEntry? Next()
    {
        if (_ended)
        {
            return null;
        }

        SkipContent();
        var extended = new TarExtensions();
        while (true)
        {
            var offset = _consumed;
            if (!TryReadBlock(out var header))
            {
                _ended = true;
                return _requireEnd || extended.Any ? throw Truncated("the end marker is missing") : null;
            }

            if (!header.ContainsAnyExcept((byte)0))
            {
                _ended = true;
                return extended.Any ? throw Invalid("an extended header without its entry", offset) : null;
            }

            var type = (char)header[156];
            TarHeader.VerifyChecksum(header, offset);
            switch (type)
            {
                case 'x':
                    extended.AddPax(ReadMetadata(TarHeader.ReadSize(header, offset), offset), offset);
                    break;
                case 'g':
                    _ = ReadMetadata(TarHeader.ReadSize(header, offset), offset);
                    break;
                case 'L':
                    extended.LongName = TarHeader.UntilNul(ReadMetadata(TarHeader.ReadSize(header, offset), offset));
                    break;
                case 'K':
                    extended.LongLink = TarHeader.UntilNul(ReadMetadata(TarHeader.ReadSize(header, offset), offset));
                    break;
                default:
                    var entry = TarHeader.ToEntry(header, extended, offset);
                    SetContent(entry.Size);
                    return entry;
            }
        }
    }

    /// <summary>The next piece of the current entry's content, valid until the next call; empty at its end.</summary>
    public ReadOnlySpan<byte> ReadChunk()
    {
        if (_remaining == 0)
        {
            return default;
        }

        if (_start == _end && !Fill(1))
        {
            throw Truncated("the content of an entry is cut off");
        }

        var length = (int)Math.Min(_remaining, _end - _start);
        var chunk = _buffer.AsSpan(_start, length);
        Consume(length);
        _remaining -= length;
        return chunk;
    }

    /// <summary>The whole content of the current entry.</summary>
    /// <param name="maximum">Most bytes to take.</param>
    public byte[] ReadAll(int maximum)
    {
        if (_remaining > maximum)
        {
            throw Invalid($"an entry of {_remaining} bytes where at most {maximum} are accepted", _consumed);
        }

        var content = new byte[_remaining];
        var done = 0;
        for (var chunk = ReadChunk(); !chunk.IsEmpty; chunk = ReadChunk())
        {
            chunk.CopyTo(content.AsSpan(done));
            done += chunk.Length;
        }

        return content;
    }

    /// <summary>Reads what follows the end marker, to the end of the stream, so that digests below see every byte.</summary>
    public void Drain()
    {
        do
        {
            Skip(_end - _start);
        }
        while (Fill(1));
    }

    private static OciFormatException Invalid(string what, long offset) =>
        new("InvalidTar", $"The tar is not valid at byte {offset}: {what}.");

    private OciFormatException Truncated(string what) =>
        new("TarTruncated", $"The tar ends at byte {_consumed + (_end - _start)}, too early: {what}.");

    private void SetContent(long size)
    {
        _remaining = size;
        _padding = (int)(-size & (BlockSize - 1));
    }

    private void SkipContent()
    {
        var skip = _remaining + _padding;
        _remaining = 0;
        _padding = 0;
        var buffered = (int)Math.Min(skip, _end - _start);
        Skip(buffered);
        skip -= buffered;
        if (skip > 0 && _stream.CanSeek && Structure is null)
        {
            if (_stream.Position + skip > _stream.Length)
            {
                throw Truncated("the content of an entry is cut off");
            }

            _stream.Seek(skip, SeekOrigin.Current);
            _consumed += skip;
            return;
        }

        while (skip > 0)
        {
            if (!Fill(1))
            {
                throw Truncated("the content of an entry is cut off");
            }

            var count = (int)Math.Min(skip, _end - _start);
            Skip(count);
            skip -= count;
        }
    }

    private byte[] ReadMetadata(long size, long offset)
    {
        if (size > MaximumMetadata)
        {
            throw Invalid($"an extended header of {size} bytes where at most {MaximumMetadata} are accepted", offset);
        }

        SetContent(size);
        var content = ReadAll(MaximumMetadata);
        Structure?.Invoke(content);
        SkipContent();
        return content;
    }

    private bool TryReadBlock(out ReadOnlySpan<byte> block)
    {
        block = default;
        if (!Fill(BlockSize))
        {
            return _end == _start ? false : throw Truncated("a header is cut off");
        }

        block = _buffer.AsSpan(_start, BlockSize);
        Skip(BlockSize);
        return true;
    }

    private void Skip(int count)
    {
        Structure?.Invoke(_buffer.AsSpan(_start, count));
        Consume(count);
    }

    private void Consume(int count)
    {
        _start += count;
        _consumed += count;
    }

    private bool Fill(int wanted)
    {
        if (_end - _start >= wanted)
        {
            return true;
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        while (_end < wanted)
        {
            var count = _stream.Read(_buffer, _end, _buffer.Length - _end);
            if (count == 0)
            {
                return false;
            }

            _end += count;
        }

        return true;
    }
}
