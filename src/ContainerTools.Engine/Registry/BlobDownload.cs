using System.Net;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>
/// A blob as one stream from its first byte: what an earlier download left in the file, then what the registry sends, which goes to the file too. A connection that breaks or stalls is
/// opened again where it broke off. Read by one thread, synchronously.
/// </summary>
internal sealed class BlobDownload : ReadOnlyStream
{
    private readonly Func<long, CancellationToken, Task<HttpResponseMessage>> _open;
    private readonly Descriptor _blob;
    private readonly string _subject;
    private readonly string _host;
    private readonly RegistryTransferOptions _options;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _cancellationToken;
    private readonly FileStream _file;
    private HttpResponseMessage? _response;
    private TimedBody? _body;
    private long _position;
    private long _kept;
    private long _afterFailure;
    private int _failures;

    /// <param name="open">Opens the blob from an offset on, as <see cref="RegistryClient.OpenBlobAsync"/> does.</param>
    /// <param name="blob">Digest and size.</param>
    /// <param name="partial">The file.</param>
    /// <param name="host">For messages.</param>
    /// <param name="options">Patience.</param>
    /// <param name="clock">For waits.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public BlobDownload(
        Func<long, CancellationToken, Task<HttpResponseMessage>> open, Descriptor blob, PartialBlob partial, string host, RegistryTransferOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        (_open, _blob, _subject, _host, _options, _clock, _cancellationToken) = (open, blob, $"{host}: {blob.Digest}", host, options, clock, cancellationToken);
        _file = new FileStream(partial.Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 0);
        if (_file.Length > blob.Size)
        {
            _file.SetLength(0);
        }

        _kept = _file.Length;
        WasResumed = _kept > 0;
    }

    /// <summary>True when the file had something already.</summary>
    public bool WasResumed { get; }

    /// <summary>Bytes that came over the network.</summary>
    public long Received { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        if (_position < _kept)
        {
            var kept = _file.Read(buffer[..(int)Math.Min(buffer.Length, _kept - _position)]);
            _position += kept;
            return kept > 0 ? kept : throw new EndOfStreamException();
        }

        // Bytes beyond the stated size are not taken: a digest over them would say nothing that the size does not.
        if (_position >= _blob.Size)
        {
            return 0;
        }

        var target = buffer[..(int)Math.Min(buffer.Length, _blob.Size - _position)];
        while (true)
        {
            try
            {
                _body ??= Open();
                if (_body.Read(target) is > 0 and var count)
                {
                    Received += count;
                    _file.Write(target[..count]);
                    _position += count;

                    // A registry that breaks off after each byte is not getting on.
                    _afterFailure += count;
                    _failures = _afterFailure >= _options.LeastBytes ? 0 : _failures;
                    return count;
                }

                throw new HttpIOException(HttpRequestError.ResponseEnded, $"the body ended after {_position} of {_blob.Size} bytes");
            }
            catch (Exception error) when (!_cancellationToken.IsCancellationRequested && error is HttpRequestException or IOException or OperationCanceledException && !IsLocal(error))
            {
                Disconnect();
                _afterFailure = 0;
                if (_failures++ >= _options.RetryCount)
                {
                    throw RegistryErrors.FromFailure(error is OperationCanceledException ? new TimeoutException() : error, _subject, _host);
                }

                Wait(_options.RetryInterval * (1 << Math.Min(_failures - 1, 6)));
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Disconnect();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A full disk is no broken connection.</summary>
    private static bool IsLocal(Exception error) => error is IOException { HResult: var code } and not HttpIOException && (code & 0xffff) is Linux.LinuxError.NoSpace or Linux.LinuxError.QuotaExceeded;

    private TimedBody Open()
    {
        _response = _open(_position, _cancellationToken).GetAwaiter().GetResult();
        switch (_response.StatusCode)
        {
            case HttpStatusCode.PartialContent when _response.Content.Headers.ContentRange?.From == _position:
                break;
            case HttpStatusCode.OK:
                break;
            default:
                Disconnect();
                throw new RegistryException(
                    ErrorKind.DataLoss, "RegistryRangeInvalid", $"{_subject}: asked for bytes from {_position} on, the registry answers with others.", _subject, "Tell whoever runs the registry.");
        }

        var body = new TimedBody(_response, _blob.Size, _options, _clock, _cancellationToken);
        if (_response.StatusCode == HttpStatusCode.OK)
        {
            // The registry ignores ranges: what is here already comes once more.
            Skip(body, _position);
        }

        return body;
    }

    private void Skip(TimedBody body, long count)
    {
        var buffer = new byte[64 * 1024];
        while (count > 0)
        {
            var read = body.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, count)));
            if (read == 0)
            {
                throw new HttpIOException(HttpRequestError.ResponseEnded, "the body ended early");
            }

            Received += read;
            count -= read;
        }
    }

    private void Wait(TimeSpan time)
    {
        using var over = new ManualResetEventSlim();
        using var timer = _clock.CreateTimer(state => ((ManualResetEventSlim)state!).Set(), over, time, Timeout.InfiniteTimeSpan);
        over.Wait(_cancellationToken);
    }

    private void Disconnect()
    {
        _body = null;
        _response?.Dispose();
        _response = null;
    }
}
