using System.Text;

namespace ContainerTools.Cmdlets;

/// <summary>A write-only stream that hands on what is written to it line by line, decoded as UTF-8, without line ends.</summary>
internal sealed class LineStream(Action<string> emit) : WriteOnlyStream
{
    private readonly Decoder _decoder = new UTF8Encoding(false).GetDecoder();
    private readonly StringBuilder _line = new();
    private readonly Lock _gate = new();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            Span<char> chars = new char[Encoding.UTF8.GetMaxCharCount(buffer.Length)];
            Split(chars[.._decoder.GetChars(buffer, chars, flush: false)]);
        }
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
