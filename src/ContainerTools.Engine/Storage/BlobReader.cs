using System.Security.Cryptography;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Storage;

/// <summary>Passes a stream on while taking its digest, counting it, and copying it: a blob is read once, whatever is done with it.</summary>
internal sealed class BlobReader(Stream source, Action<long>? progress, CancellationToken cancellationToken) : ReadOnlyStream
{
    private const int ReportEvery = 4 << 20;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _ahead = [];
    private Stream? _copy;
    private long _reported;

    public long Count { get; private set; }

    /// <summary>Where the reader is; the xz format's reader aligns its blocks by it.</summary>
    public override long Position { get => Count - _ahead.Length; set => throw new NotSupportedException(); }

    /// <summary>Called with the bytes of each piece read, before they are handed on.</summary>
    public Action<int>? Meter { get; set; }

    /// <summary>The first bytes, without taking them.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        var first = new byte[count];
        var length = 0;
        int read;
        while (length < count && (read = ReadSource(first.AsSpan(length))) > 0)
        {
            length += read;
        }

        _ahead = first[..length];
        return _ahead;
    }

    /// <summary>Copies all to <paramref name="target"/>, from the first byte on if no more than <see cref="Peek"/> has been called.</summary>
    public void CopyWhileReading(Stream target)
    {
        target.Write(_ahead);
        _copy = target;
    }

    /// <summary>Reads the rest and returns the digest of the whole.</summary>
    public Digest Finish()
    {
        var buffer = new byte[64 * 1024];
        while (Read(buffer) > 0)
        {
        }

        return Digest.FromHash(_hash.GetHashAndReset());
    }

    public override int Read(Span<byte> buffer)
    {
        if (_ahead.Length > 0)
        {
            var count = Math.Min(buffer.Length, _ahead.Length);
            _ahead.AsSpan(0, count).CopyTo(buffer);
            _ahead = _ahead[count..];
            return count;
        }

        return ReadSource(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadSource(Span<byte> buffer)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var count = source.Read(buffer);
        if (count > 0)
        {
            Meter?.Invoke(count);
            _hash.AppendData(buffer[..count]);
            _copy?.Write(buffer[..count]);
            Count += count;
            if (progress is not null && Count - _reported >= ReportEvery)
            {
                _reported = Count;
                progress(Count);
            }
        }

        return count;
    }
}
