using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Registry;

/// <summary>
/// The body of an answer, read with limited patience: one that brings less than <see cref="RegistryTransferOptions.LeastBytes"/> in <see cref="RegistryTransferOptions.StallTimeout"/>
/// counts as broken off. Read by one thread, synchronously. The answer stays its owner's.
/// </summary>
/// <param name="response">The answer.</param>
/// <param name="size">Bytes that are expected: fewer than <see cref="RegistryTransferOptions.LeastBytes"/> are enough where there are no more.</param>
/// <param name="options">Patience.</param>
/// <param name="clock">For the time.</param>
/// <param name="cancellationToken">Ends it.</param>
internal sealed class TimedBody(HttpResponseMessage response, long size, RegistryTransferOptions options, TimeProvider clock, CancellationToken cancellationToken) : ReadOnlyStream
{
    private readonly Stream _body = response.Content.ReadAsStream(cancellationToken);
    private long _windowStart = clock.GetTimestamp();
    private long _windowBytes;

    public override int Read(Span<byte> buffer)
    {
        var passed = clock.GetElapsedTime(_windowStart);
        if (passed >= options.StallTimeout || _windowBytes >= options.LeastBytes)
        {
            if (_windowBytes < Math.Min(options.LeastBytes, size))
            {
                throw new OperationCanceledException();
            }

            (_windowStart, _windowBytes, passed) = (clock.GetTimestamp(), 0, TimeSpan.Zero);
        }

        // The body is read in place, so the time limit and the cancellation end the connection under it.
        using var stall = clock.CreateTimer(static response => ((HttpResponseMessage)response!).Dispose(), response, options.StallTimeout - passed, Timeout.InfiniteTimeSpan);
        using var cancelled = cancellationToken.UnsafeRegister(static response => ((HttpResponseMessage)response!).Dispose(), response);
        int count;
        try
        {
            count = _body.Read(buffer);
        }
        catch (Exception error) when (error is ObjectDisposedException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw error as IOException ?? new HttpIOException(HttpRequestError.ResponseEnded, "it brought next to nothing for too long");
        }

        cancellationToken.ThrowIfCancellationRequested();
        _windowBytes += count;
        return count;
    }
}
