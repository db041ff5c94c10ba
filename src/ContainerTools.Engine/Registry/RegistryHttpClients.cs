using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ContainerTools.Engine.Registry;

/// <summary>The HTTP clients of one engine: one for each way in which registries are spoken to. Redirects are followed by <see cref="RegistryTransport"/>, never here.</summary>
internal sealed class RegistryHttpClients(Func<IWebProxy?> proxy, RegistryTransferOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<(bool Skip, string? Authority, string? Certificate, string? Key, IWebProxy? Proxy), Lazy<HttpClient>> _clients = new();

    /// <summary>For a registry itself. Throws <c>RegistryCertificateInvalid</c>.</summary>
    public HttpClient For(RegistrySettings settings) => Get(settings.SkipCertificateCheck, settings.AuthorityPath, settings.ClientCertificatePath, settings.ClientKeyPath);

    /// <summary>For hosts that a registry leads to: they get neither its certificate nor its trust.</summary>
    public HttpClient ForOthers() => Get(false, null, null, null);

    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private HttpClient Get(bool skip, string? authority, string? certificate, string? key) => _clients.GetOrAdd(
        (skip, authority, certificate, key, proxy()), way => new Lazy<HttpClient>(() => Create(way.Skip, way.Authority, way.Certificate, way.Key, way.Proxy))).Value;

    private HttpClient Create(bool skip, string? authority, string? certificate, string? key, IWebProxy? through)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = options.AnswerTimeout < TimeSpan.FromSeconds(20) ? options.AnswerTimeout : TimeSpan.FromSeconds(20),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = skip ? AcceptAny : authority is null ? null : Trust(Load(authority, () => RegistryCertificates.LoadAuthorities(authority))),
                ClientCertificates = certificate is null ? null : [Load(certificate, () => RegistryCertificates.LoadClient(certificate, key))],
            },
        };
        if (through is not null)
        {
            handler.Proxy = through;
        }

        return new HttpClient(handler)
        {
            DefaultRequestVersion = HttpVersion.Version11,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { { "User-Agent", "ContainerTools/" + typeof(RegistryHttpClients).Assembly.GetName().Version!.ToString(3) } },
        };
    }

    // The user has said so for this one registry (Set-ContainerRegistry -SkipCertificateCheck).
    private static RemoteCertificateValidationCallback AcceptAny => static (_, certificate, _, _) => certificate is not null;

    /// <summary>Trusts what the system trusts, and what the given authorities have signed.</summary>
    private static RemoteCertificateValidationCallback Trust(X509Certificate2Collection authorities) => (_, certificate, chain, errors) =>
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is null)
        {
            return false;
        }

        using var own = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        foreach (var element in chain?.ChainElements.AsEnumerable() ?? [])
        {
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        using var leaf = X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert));
        return own.Build(leaf);
    };

    private static T Load<T>(string path, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception error) when (error is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(
                ErrorKind.InvalidArgument, "RegistryCertificateInvalid", $"The certificate file '{path}' cannot be used: {error.Message}", path, "Give a PEM file (Set-ContainerRegistry).", error);
        }
    }
}
