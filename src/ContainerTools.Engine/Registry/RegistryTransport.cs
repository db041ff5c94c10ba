using System.Net;
using System.Security.Authentication;
using Polly;
using Polly.Retry;

namespace ContainerTools.Engine.Registry;

/// <summary>
/// Requests to one registry: finds out whether it speaks HTTPS, answers its challenges, follows its redirects without giving anything away, and tries again what may pass.
/// Thread-safe.
/// </summary>
internal sealed class RegistryTransport
{
    private const int MostRedirects = 5;
    private const int LargestTokenAnswer = 1 << 20;
    private readonly RegistrySettings _settings;
    private readonly RegistryHttpClients _clients;
    private readonly RegistryTransferOptions _options;
    private readonly RegistryTokens _tokens;
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;
    private volatile Uri? _base;

    /// <param name="settings">Of the registry.</param>
    /// <param name="host">What the registry is called by its users and in messages.</param>
    /// <param name="address">Where it is; null finds out from <paramref name="host"/>.</param>
    /// <param name="clients">HTTP clients.</param>
    /// <param name="credential">The login.</param>
    /// <param name="options">Patience.</param>
    /// <param name="clock">For waits.</param>
    public RegistryTransport(
        RegistrySettings settings, string host, Uri? address, RegistryHttpClients clients, Func<CancellationToken, ValueTask<RegistryCredential?>> credential, RegistryTransferOptions options, TimeProvider clock)
    {
        (_settings, Host, _base, _clients, _options) = (settings, host, address, clients, options);
        _tokens = new RegistryTokens(host, credential, SendToTokenServerAsync, clock);
        var retries = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock };
        if (options.RetryCount > 0)
        {
            retries.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.RetryCount,
                Delay = options.RetryInterval,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                MaxDelay = options.LongestWait,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome switch
                {
                    { Exception: { } error } => MayPass(error),
                    { Result: { } response } => MayPass(response),
                    _ => false,
                }),
                DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } response ? RegistryErrors.RetryAfter(response) : null),
                OnRetry = arguments =>
                {
                    arguments.Outcome.Result?.Dispose();
                    return default;
                },
            });
        }

        _retries = retries.Build();
    }

    /// <summary>What the registry is called.</summary>
    public string Host { get; }

    /// <summary>How patient transfers are.</summary>
    public RegistryTransferOptions Options => _options;

    private bool AllowPlain => _settings.AllowUnencrypted || IsLoopback(Host);

    /// <summary>Sends a request that can be sent again. Whoever gets the answer disposes it; it may be of any status but those that were tried again.</summary>
    /// <param name="make">Makes the request for an address below the registry's base.</param>
    /// <param name="path">Path and query below the base: <c>v2/…</c>; or an absolute address that the registry gave.</param>
    /// <param name="scope">What a token must allow.</param>
    /// <param name="subject">For messages.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="largestBody">Most bytes of a body that is a document: it is read whole before this returns, and one that breaks off is asked for again. Null leaves the body of a success to be read.</param>
    public async Task<HttpResponseMessage> SendAsync(
        Func<Uri, HttpRequestMessage> make, string path, string scope, string subject, CancellationToken cancellationToken, long? largestBody = null)
    {
        try
        {
            return await _retries.ExecuteAsync(
                async token => await SendOnceCoreAsync(make, path, scope, token, largestBody: largestBody).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && error is HttpRequestException or IOException or OperationCanceledException or AuthenticationException)
        {
            throw RegistryErrors.FromFailure(error, subject, Host);
        }
    }

    /// <summary>Sends a request whose body can be read only once; see <see cref="SendAsync"/>.</summary>
    public async Task<HttpResponseMessage> SendOnceAsync(Func<Uri, HttpRequestMessage> make, string path, string scope, string subject, CancellationToken cancellationToken)
    {
        try
        {
            return await SendOnceCoreAsync(make, path, scope, cancellationToken, patient: true).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && error is HttpRequestException or IOException or OperationCanceledException or AuthenticationException)
        {
            throw RegistryErrors.FromFailure(error, subject, Host);
        }
    }

    /// <summary>The whole address of a place that the registry named.</summary>
    public async Task<string> ResolveAsync(Uri location, CancellationToken cancellationToken) =>
        new Uri(await FindBaseAsync(cancellationToken).ConfigureAwait(false), location).ToString();

    private static bool MayPass(Exception error) => error is IOException or OperationCanceledException
        || (error is HttpRequestException { InnerException: not AuthenticationException, HttpRequestError: not (HttpRequestError.NameResolutionError or HttpRequestError.ConfigurationLimitExceeded) });

    private bool MayPass(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        && !(RegistryErrors.RetryAfter(response) > _options.LongestWait);

    private async Task<HttpResponseMessage> SendOnceCoreAsync(Func<Uri, HttpRequestMessage> make, string path, string scope, CancellationToken cancellationToken, bool patient = false, long? largestBody = null)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (!patient)
        {
            time.CancelAfter(_options.AnswerTimeout);
        }

        var origin = await FindBaseAsync(time.Token).ConfigureAwait(false);
        var address = new Uri(origin, path);
        RequireEncryption(address, origin);
        var challenged = false;
        for (var hops = 0; ;)
        {
            var home = IsSameOrigin(address, origin);
            using var request = make(address);
            request.Headers.Authorization = home ? _tokens.Find(scope) : null;
            var response = await (home ? _clients.For(_settings) : _clients.ForOthers())
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, time.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.Unauthorized && home && !challenged
                && AuthenticationChallenge.Choose(response.Headers.WwwAuthenticate) is { } challenge)
            {
                challenged = true;
                if (await _tokens.AnswerAsync(challenge, scope, AllowPlain, time.Token).ConfigureAwait(false) is not null)
                {
                    response.Dispose();
                    continue;
                }
            }

            if (request.Method.Method is not ("GET" or "HEAD") || response.Headers.Location is not { } location || (int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
            {
                await ReadAsync(response, largestBody, time.Token).ConfigureAwait(false);
                return response;
            }

            response.Dispose();
            var next = new Uri(address, location);
            if (++hops > MostRedirects)
            {
                throw new RegistryException(
                    ErrorKind.Unavailable, "RegistryRedirectLoop", $"The registry {Host} leads from one address to the next, more than {MostRedirects} times.", Host, "Tell whoever runs the registry.");
            }

            RequireEncryption(next, address);
            address = next;
        }
    }

    private void RequireEncryption(Uri next, Uri from)
    {
        if (next.Scheme != Uri.UriSchemeHttps && !(next.Scheme == Uri.UriSchemeHttp && (AllowPlain || from.Scheme == Uri.UriSchemeHttp)))
        {
            throw new RegistryException(
                ErrorKind.PermissionDenied, "RegistryRedirectUnencrypted", $"The registry {Host} leads to {next.Scheme}://{next.Host}, which is not encrypted.", Host,
                $"If you trust the network: Set-ContainerRegistry {Host} -AllowUnencrypted.");
        }
    }

    /// <summary>Reads a document into memory, so that it counts as part of the answer.</summary>
    private static async Task ReadAsync(HttpResponseMessage response, long? largestBody, CancellationToken cancellationToken)
    {
        try
        {
            if (!response.IsSuccessStatusCode)
            {
                await response.Content.LoadIntoBufferAsync(RegistryErrors.LargestBody, cancellationToken).ConfigureAwait(false);
            }
            else if (largestBody is { } largest)
            {
                await response.Content.LoadIntoBufferAsync(largest, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (!response.IsSuccessStatusCode && error is HttpRequestException or IOException or OperationCanceledException)
        {
            // The status says enough; what the registry would say of it is a courtesy.
            response.Content = new ByteArrayContent([]);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>HTTPS, unless nobody speaks it there and plain HTTP is allowed (as always on the loopback, where nobody listens in).</summary>
    private async ValueTask<Uri> FindBaseAsync(CancellationToken cancellationToken)
    {
        if (_base is { } known)
        {
            return known;
        }

        // Docker Hub's registry has another name than its images.
        var authority = Host == "docker.io" ? "registry-1.docker.io" : Host;
        var secure = new Uri($"https://{authority}/");
        if (!AllowPlain)
        {
            return _base = secure;
        }

        try
        {
            using var probe = new HttpRequestMessage(HttpMethod.Get, new Uri(secure, "v2/"));
            using var answer = await _clients.For(_settings).SendAsync(probe, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return _base = secure;
        }
        catch (HttpRequestException error) when (SpeaksNoTls(error))
        {
            return _base = new Uri($"http://{authority}/");
        }
    }

    /// <summary>A certificate that is not trusted is no reason to go on without any: only a peer that speaks no TLS is.</summary>
    private static bool SpeaksNoTls(HttpRequestException error) =>
        error.HttpRequestError == HttpRequestError.SecureConnectionError
        && !(error.InnerException is AuthenticationException refusal && refusal.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase));

    private async Task<HttpResponseMessage> SendToTokenServerAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken) => await _retries.ExecuteAsync(
        async token =>
        {
            using var time = CancellationTokenSource.CreateLinkedTokenSource(token);
            time.CancelAfter(_options.AnswerTimeout);
            using var request = make();

            // A registry and its token server often are one program with one certificate.
            var client = request.RequestUri!.Host == Host.Split(':')[0] ? _clients.For(_settings) : _clients.ForOthers();
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, time.Token).ConfigureAwait(false);
            await ReadAsync(response, LargestTokenAnswer, time.Token).ConfigureAwait(false);
            return response;
        },
        cancellationToken).ConfigureAwait(false);

    private static bool IsSameOrigin(Uri one, Uri other) => one.Scheme == other.Scheme && one.Host == other.Host && one.Port == other.Port;

    private static bool IsLoopback(string host)
    {
        var name = host.StartsWith('[') ? host[1..host.IndexOf(']', StringComparison.Ordinal)] : host.Split(':')[0];
        return name == "localhost" || name.EndsWith(".localhost", StringComparison.Ordinal) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }
}
