using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>
/// A registry on bare sockets that has a <see cref="RemoteContent"/> in whatever repository it is asked for, takes pushes, and misbehaves as the test says. It also is the proxy to itself, so
/// that it can have a name which is not the loopback's.
/// </summary>
internal sealed class HostileRegistry : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<HostileRequest> _requests = new();
    private readonly ConcurrentDictionary<string, Descriptor> _tags = new();
    private readonly RemoteContent _content;
    private readonly X509Certificate2? _certificate;
    private readonly bool _asksForCertificate;

    /// <param name="content">What it has.</param>
    /// <param name="certificate">Its certificate with key; null speaks plain HTTP.</param>
    /// <param name="asksForCertificate">Clients without a certificate are turned away.</param>
    public HostileRegistry(RemoteContent content, X509Certificate2? certificate = null, bool asksForCertificate = false)
    {
        (_content, _certificate, _asksForCertificate) = (content, certificate, asksForCertificate);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What image names begin with.</summary>
    public string Name => $"localhost:{Port}";

    public string Address => $"{(_certificate is null ? "http" : "https")}://{Name}";

    /// <summary>Makes what is sent out of a request and the answer that would be right.</summary>
    public Func<HostileRequest, HostileAnswer, HostileAnswer> Change { get; set; } = (_, good) => good;

    /// <summary>All requests so far, but those to find out whether it speaks TLS.</summary>
    public IReadOnlyList<HostileRequest> Requests => [.. _requests];

    /// <summary>Certificates that clients showed.</summary>
    public ConcurrentBag<string> ClientCertificates { get; } = [];

    /// <summary>Blobs that clients uploaded, by the digest that they gave.</summary>
    public ConcurrentDictionary<string, byte[]> Pushed { get; } = new();

    public IReadOnlyList<HostileRequest> RequestsFor(Digest blob) => [.. _requests.Where(request => request.IsBlob(blob))];

    public void Tag(string tag, Descriptor manifest) => _tags[tag] = manifest;

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptSocketAsync(_end.Token);
                _ = Task.Run(() => ServeAsync(socket));
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using (socket)
            {
                Stream stream = new NetworkStream(socket);
                if (_certificate is not null)
                {
                    var first = new byte[1];
                    await socket.ReceiveAsync(first, SocketFlags.Peek, _end.Token);
                    if (first[0] == 'C')
                    {
                        await ReadAsync(stream);
                        await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _end.Token);
                    }

                    stream = await SecureAsync(stream, _certificate);
                }

                if (await ReadAsync(stream) is not { } request)
                {
                    return;
                }

                _requests.Enqueue(request);
                await Change(request, Good(request)).WriteAsync(stream, socket, request.Method != "HEAD", _end.Token);
                await stream.DisposeAsync();
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // The client has hung up, or was turned away.
        }
    }

    private async Task<SslStream> SecureAsync(Stream stream, X509Certificate2 certificate)
    {
        var secure = new SslStream(stream, false, (_, shown, _, _) =>
        {
            if (shown is not null)
            {
                ClientCertificates.Add(shown.Subject);
            }

            return shown is not null || !_asksForCertificate;
        });
        await secure.AuthenticateAsServerAsync(certificate, _asksForCertificate, false);
        return secure;
    }

    /// <summary>A request; null when it is none, but the beginning of TLS.</summary>
    private async Task<HostileRequest?> ReadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0 || (head.Length == 0 && one[0] < 'A'))
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var words = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = new MemoryStream();
        if (headers.TryGetValue("Content-Length", out var length))
        {
            await CopyAsync(stream, body, int.Parse(length, CultureInfo.InvariantCulture));
        }
        else if (headers.ContainsKey("Transfer-Encoding"))
        {
            for (int size; (size = int.Parse(await ReadLineAsync(stream), NumberStyles.HexNumber, CultureInfo.InvariantCulture)) > 0;)
            {
                await CopyAsync(stream, body, size);
                await ReadLineAsync(stream);
            }

            await ReadLineAsync(stream);
        }

        return new HostileRequest(words[0], words[1], headers, body.ToArray(), _requests.Count(request => request.Method == words[0] && request.Target == words[1]));
    }

    private async Task CopyAsync(Stream from, MemoryStream to, int count)
    {
        var content = new byte[count];
        await from.ReadExactlyAsync(content, _end.Token);
        to.Write(content);
    }

    private async Task<string> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line is not [.., '\r', '\n'] && await stream.ReadAsync(one, _end.Token) > 0)
        {
            line.Append((char)one[0]);
        }

        return line.ToString().Trim();
    }

    private HostileAnswer Good(HostileRequest request)
    {
        var last = Uri.UnescapeDataString(request.Path[(request.Path.LastIndexOf('/') + 1)..]);
        return request.Method switch
        {
            "GET" or "HEAD" => Find(request, last),
            "POST" when request.Target.Contains("mount=", StringComparison.Ordinal) => HostileAnswer.Text(201, ""),
            "POST" => HostileAnswer.Text(202, "", ("Location", request.Path + Guid.NewGuid())),
            "PATCH" => HostileAnswer.Text(202, "", ("Location", request.Path)),
            "PUT" when request.IsManifest => HostileAnswer.Text(201, ""),
            "PUT" => Take(request),
            _ => HostileAnswer.Text(202, ""),
        };
    }

    private HostileAnswer Take(HostileRequest request)
    {
        var digest = Uri.UnescapeDataString(request.Target.Split("digest=")[1]);
        Pushed[digest] = request.Body;
        return HostileAnswer.Text(201, "");
    }

    private HostileAnswer Find(HostileRequest request, string last)
    {
        if (request.Path == "/v2/")
        {
            return HostileAnswer.Text(200, "{}");
        }

        if (request.Path.EndsWith("/tags/list", StringComparison.Ordinal))
        {
            return HostileAnswer.Text(200, $$"""{"tags":[{{string.Join(',', _tags.Keys.Select(tag => $"\"{tag}\""))}}]}""");
        }

        var digest = _tags.TryGetValue(last, out var tagged) ? tagged.Digest : Digest.TryParse(last, out var named) ? named : default;
        if (request.IsManifest && _content.Manifests.TryGetValue(digest, out var manifest))
        {
            return new HostileAnswer(200, manifest.Content) { ContentType = manifest.MediaType, Headers = [("Docker-Content-Digest", digest.ToString())] };
        }

        if (!request.Path.Contains("/blobs/", StringComparison.Ordinal) || !_content.Blobs.TryGetValue(digest, out var blob))
        {
            return HostileAnswer.Text(404, """{"errors":[{"code":"UNKNOWN","message":"not here"}]}""");
        }

        return request.Offset == 0
            ? new HostileAnswer(200, blob) { ContentType = "application/octet-stream" }
            : new HostileAnswer(206, blob[(int)request.Offset..]) { Headers = [("Content-Range", $"bytes {request.Offset}-{blob.Length - 1}/{blob.Length}")] };
    }
}
