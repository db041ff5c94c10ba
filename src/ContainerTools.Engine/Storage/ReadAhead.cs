using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace ContainerTools.Engine.Storage;

/// <summary>
/// Reads a stream ahead of its user on a thread of its own, a few pieces at most: reading, decompressing and hashing a blob go on while its files are
/// written. What the source throws, the user gets when it comes to that point. The source is not used any more once this is disposed.
/// </summary>
internal sealed class ReadAhead : ReadOnlyStream
{
    private const int PieceSize = 256 * 1024;
    private const int Pieces = 4;
    private readonly Stream _source;
    private readonly BlockingCollection<byte[]> _free = [];
    private readonly BlockingCollection<ArraySegment<byte>> _full = [];
    private readonly Thread _reader;
    private volatile bool _stopped;
    private ExceptionDispatchInfo? _error;
    private ArraySegment<byte> _piece;
    private byte[]? _taken;

    public ReadAhead(Stream source)
    {
        _source = source;
        for (var piece = 0; piece < Pieces; piece++)
        {
            _free.Add(new byte[PieceSize]);
        }

        _reader = new Thread(ReadSource) { IsBackground = true, Name = "Layer reader" };
        _reader.Start();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_piece.Count == 0 && !TakePiece())
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, _piece.Count);
        _piece.AsSpan(0, count).CopyTo(buffer);
        _piece = _piece[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stopped = true;
            _free.CompleteAdding();
            _reader.Join();
            _free.Dispose();
            _full.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool TakePiece()
    {
        if (_taken is not null)
        {
            _free.Add(_taken);
            _taken = null;
        }

        if (_full.TryTake(out _piece, Timeout.Infinite))
        {
            _taken = _piece.Array;
            return true;
        }

        _error?.Throw();
        return false;
    }

    private void ReadSource()
    {
        try
        {
            foreach (var buffer in _free.GetConsumingEnumerable())
            {
                int count;
                if (_stopped || (count = _source.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) == 0)
                {
                    break;
                }

                _full.Add(new ArraySegment<byte>(buffer, 0, count));
            }
        }
        catch (Exception error)
        {
            // Seen by the user after the pieces before it: CompleteAdding publishes the field.
            _error = ExceptionDispatchInfo.Capture(error);
        }
        finally
        {
            _full.CompleteAdding();
        }
    }
}
