using System.Text;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>A sink that hands on what is written to it, a line at a time. Overlong lines are cut.</summary>
internal sealed class LineStream(Action<string> onLine) : Stream
{
    private const int MaximumLine = 16 * 1024;
    private readonly MemoryStream _line = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var end = buffer.IndexOf((byte)'\n');
            var part = end < 0 ? buffer : buffer[..end];
            _line.Write(part[..Math.Min(part.Length, MaximumLine - (int)_line.Length)]);
            buffer = end < 0 ? default : buffer[(end + 1)..];
            if (end >= 0 || _line.Length == MaximumLine)
            {
                Flush(always: end >= 0);
            }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Flush(always: false);
            _line.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Flush(bool always)
    {
        if (always || _line.Length > 0)
        {
            onLine(Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length).TrimEnd('\r'));
            _line.SetLength(0);
        }
    }
}
