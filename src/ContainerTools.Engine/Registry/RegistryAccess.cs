using System.Collections.Concurrent;
using System.Net;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>The registries of one engine: who is spoken to, how, and as whom.</summary>
internal sealed class RegistryAccess(IRegistrySettings settings, IRegistryCredentials credentials, Func<IWebProxy?> proxy, RegistryTransferOptions? options = null, TimeProvider? clock = null) : IDisposable
{
    private readonly RegistryHttpClients _http = new(proxy, options ?? new RegistryTransferOptions());
    private readonly ConcurrentDictionary<string, (RegistrySettings Settings, RegistryClient Client)> _clients = new();

    public RegistryTransferOptions Options { get; } = options ?? new RegistryTransferOptions();

    public TimeProvider Clock { get; } = clock ?? TimeProvider.System;

    /// <summary>A registry itself. Throws <c>RegistryBlocked</c>.</summary>
    public RegistryClient For(string registry)
    {
        var found = Allowed(registry);

        // Tokens and connections are kept from one call to the next, as long as the settings are the same.
        return _clients.AddOrUpdate(
            registry,
            name => (found, Create(found, name)),
            (name, known) => IsSame(known.Settings, found) ? known : (found, Create(found, name))).Client;
    }

    /// <summary>A registry as it is with another login than the one that is kept.</summary>
    public RegistryClient For(string registry, RegistryCredential credential) => Create(Allowed(registry), registry, null, credential: credential);

    /// <summary>Everybody who may have a repository. Throws <c>RegistryBlocked</c>.</summary>
    public PullSource PullFrom(ImageReference name)
    {
        var found = Allowed(name.Registry);
        return new PullSource(name.Registry, name.Repository, [.. found.Mirrors.Select(Mirror), For(name.Registry)]);
    }

    /// <summary>What a name may mean: itself, or with each registry of the search order when it has none.</summary>
    public IReadOnlyList<ImageReference> Candidates(string text)
    {
        var name = Images.ImageStore.ParseName(text);
        return ImageReference.HasRegistry(text) || settings.SearchOrder is [] or ["docker.io"]
            ? [name]
            : [.. settings.SearchOrder.Select(registry => registry == name.Registry ? name : Images.ImageStore.ParseName($"{registry}/{text}"))];
    }

    public void Dispose() => _http.Dispose();

    private RegistrySettings Allowed(string registry) => settings.Find(registry) is { Blocked: false } found
        ? found
        : throw new RegistryException(
            ErrorKind.PermissionDenied, "RegistryBlocked", $"The registry {registry} is blocked on this host.", registry, $"Set-ContainerRegistry {registry} -Blocked:$false opens it.");

    private RegistryClient Mirror(string address)
    {
        var uri = new Uri(address);
        var host = uri.IsDefaultPort ? uri.Host : $"{uri.Host}:{uri.Port}";
        var found = settings.Find(host);
        return Create(found with { AllowUnencrypted = found.AllowUnencrypted || uri.Scheme == Uri.UriSchemeHttp }, host, new Uri(uri.GetLeftPart(UriPartial.Authority) + "/"), uri.AbsolutePath.Trim('/'));
    }

    private RegistryClient Create(RegistrySettings found, string host, Uri? address = null, string prefix = "", RegistryCredential? credential = null)
    {
        var transport = new RegistryTransport(
            found, host, address, _http, credential is null ? token => credentials.FindAsync(host, token) : _ => ValueTask.FromResult<RegistryCredential?>(credential), Options, Clock);
        return new RegistryClient(transport, prefix.Length == 0 ? "" : prefix + "/");
    }

    private static bool IsSame(RegistrySettings one, RegistrySettings other) => one with { Mirrors = [] } == other with { Mirrors = [] };
}
