using System.Text;

namespace ContainerTools.Cmdlets;

/// <summary>A write-only stream that hands on what is written to it line by line, decoded as UTF-8, without line ends.</summary>
internal sealed class LineStream(Action<string> emit) : Stream
{
    private readonly Decoder _decoder = new UTF8Encoding(false).GetDecoder();
    private readonly StringBuilder _line = new();
    private readonly Lock _gate = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            Span<char> chars = new char[Encoding.UTF8.GetMaxCharCount(buffer.Length)];
            Split(chars[.._decoder.GetChars(buffer, chars, flush: false)]);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    /// <summary>Hands on what is left when the last line has no end.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            Span<char> chars = stackalloc char[4];
            Split(chars[.._decoder.GetChars([], chars, flush: true)]);
            if (_line.Length > 0)
            {
                Emit();
            }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Split(ReadOnlySpan<char> chars)
    {
        while (chars.IndexOf('\n') is >= 0 and var end)
        {
            _line.Append(chars[..end]);
            Emit();
            chars = chars[(end + 1)..];
        }

        _line.Append(chars);
    }

    private void Emit()
    {
        if (_line.Length > 0 && _line[^1] == '\r')
        {
            _line.Length--;
        }

        var line = _line.ToString();
        _line.Clear();
        emit(line);
    }
}
