using ContainerTools.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Engine.Images;

/// <summary>A part of a file; any number of them read one handle at once.</summary>
internal sealed class RangeStream(SafeFileHandle file, long offset, long length) : ReadOnlyStream
{
    private long _position;

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, length - _position);
        if (count == 0)
        {
            return 0;
        }

        var read = RandomAccess.Read(file, buffer[..count], offset + _position);
        _position += read;
        return read > 0 ? read : throw new EndOfStreamException();
    }
}
