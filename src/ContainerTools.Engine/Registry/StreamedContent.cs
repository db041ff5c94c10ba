using System.Net;

namespace ContainerTools.Engine.Registry;

/// <summary>A request body that is written when it is sent, by synchronous code.</summary>
/// <param name="write">Writes it.</param>
/// <param name="length">Its bytes; null sends it in chunks (RFC 9112, section 7.1).</param>
/// <param name="cancellationToken">Ends it.</param>
internal sealed class StreamedContent(Action<Stream, CancellationToken> write, long? length, CancellationToken cancellationToken) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.Factory.StartNew(
        () =>
        {
            // The connection is not this content's to close.
            using var buffered = new BufferedStream(new MeteredStream(stream, static _ => { }), 256 * 1024);
            write(buffered, cancellationToken);
            buffered.Flush();
        },
        cancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    protected override bool TryComputeLength(out long bytes)
    {
        bytes = length ?? 0;
        return length is not null;
    }
}
