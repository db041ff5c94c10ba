using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>What a <see cref="HostileRegistry"/> sends, byte by byte as the test wants it. The connection ends after it.</summary>
internal sealed record HostileAnswer(int Status, byte[] Body)
{
    public string? ContentType { get; init; }

    /// <summary>Further header fields; none that breaks the line is refused.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>What Content-Length says; the body's length unless told otherwise, and nothing when negative.</summary>
    public long? StatedLength { get; init; }

    /// <summary>The connection breaks after so many bytes of the body.</summary>
    public int? BreakAfter { get; init; }

    /// <summary>It breaks with a reset (RST), not with an orderly end.</summary>
    public bool Reset { get; init; }

    /// <summary>Time between one byte and the next.</summary>
    public TimeSpan? Drip { get; init; }

    /// <summary>The body comes again and again until the client hangs up.</summary>
    public bool Endless { get; init; }

    /// <summary>Runs when <see cref="BreakAfter"/> is reached, before the connection ends.</summary>
    public Func<Task>? BeforeBreak { get; init; }

    public static HostileAnswer Text(int status, string body, params (string Name, string Value)[] headers) =>
        new(status, Encoding.UTF8.GetBytes(body)) { ContentType = "application/json", Headers = headers };

    public static HostileAnswer Redirect(string location) => Text(307, "", ("Location", location));

    public HostileAnswer With(string name, string value) => this with { Headers = [.. Headers.Where(header => header.Name != name), (name, value)] };

    public async Task WriteAsync(Stream stream, Socket socket, bool withBody, CancellationToken cancellationToken)
    {
        var head = new StringBuilder($"HTTP/1.1 {Status} Status\r\nConnection: close\r\n");
        if (StatedLength is not < 0)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {StatedLength ?? Body.Length}\r\n");
        }

        if (ContentType is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {ContentType}\r\n");
        }

        foreach (var (name, value) in Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), cancellationToken);
        if (withBody)
        {
            await WriteBodyAsync(stream, cancellationToken);
        }

        await stream.FlushAsync(cancellationToken);
        if (withBody && BeforeBreak is { } before)
        {
            await before();
        }

        if (Reset)
        {
            // A client that has not read yet what was sent would lose it with the reset.
            await Task.Delay(100, cancellationToken);
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
    }

    private async Task WriteBodyAsync(Stream stream, CancellationToken cancellationToken)
    {
        var body = Body.AsMemory(0, Math.Min(Body.Length, BreakAfter ?? int.MaxValue));
        do
        {
            if (Drip is not { } pause)
            {
                await stream.WriteAsync(body, cancellationToken);
                continue;
            }

            for (var position = 0; position < body.Length; position++)
            {
                await stream.WriteAsync(body.Slice(position, 1), cancellationToken);
                await stream.FlushAsync(cancellationToken);
                await Task.Delay(pause, cancellationToken);
            }
        }
        while (Endless);
    }
}
