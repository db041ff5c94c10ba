using System.Net;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Registry.Proxies;

/// <summary>The proxy by which registries are reached, kept in the catalogue for all processes. Without it the environment's holds (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>NO_PROXY</c>).</summary>
internal sealed class ProxySettings(StoreSettings store)
{
    private const string AddressSetting = "proxy";
    private const string DirectSetting = "no_proxy";
    private const string Hidden = "***";
    private volatile Made? _last;

    /// <summary>Its address, with user and password hidden; null when the environment's holds.</summary>
    public string? Address => store.Read(AddressSetting) is { } text ? Show(new Uri(text)) : null;

    /// <summary>Hosts that are reached without it.</summary>
    public IReadOnlyList<string> Direct => store.Read(DirectSetting)?.Split(' ') ?? [];

    /// <summary>The proxy to give to an HTTP client, the same object as long as the settings are the same; null when the environment's holds.</summary>
    public IWebProxy? Create()
    {
        var (address, direct) = (store.Read(AddressSetting), Direct);
        if (address is null)
        {
            return null;
        }

        var last = _last;
        if (last is null || last.Address != address || !last.Direct.SequenceEqual(direct))
        {
            _last = last = new Made(address, direct, new StoreProxy(new Uri(address), new DirectHosts(direct)));
        }

        return last.Proxy;
    }

    /// <summary>Changes what is given. Throws <c>InvalidEngineSetting</c>.</summary>
    public void Change(EngineChange change)
    {
        var address = change.Proxy ?? store.Read(AddressSetting) ?? "";
        if (change.Proxy is { Length: > 0 } proxy)
        {
            CheckAddress(proxy);
        }

        if (change.NoProxy is { Count: > 0 } direct)
        {
            if (address.Length == 0)
            {
                throw Invalid("No proxy is set that hosts could be reached without.", null, "Give -Proxy too. The environment's proxy has its exceptions in NO_PROXY.");
            }

            DirectHosts.Check(direct);
        }

        if (change.Proxy is not null)
        {
            store.Write(AddressSetting, address.Length == 0 ? null : address);
        }

        if (change.NoProxy is not null || address.Length == 0)
        {
            store.Write(DirectSetting, change.NoProxy is { Count: > 0 } hosts && address.Length > 0 ? string.Join(' ', hosts) : null);
        }
    }

    internal static ContainerToolsException Invalid(string message, object? target, string mend) => new(ErrorKind.InvalidArgument, "InvalidEngineSetting", message, target, mend);

    private static void CheckAddress(string text)
    {
        const string Mend = "Write it as http://proxy.example:3128, or http://user:password@proxy.example:3128.";
        // The text is not repeated: what is no address may hold a password all the same.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "socks5") || uri.Host.Length == 0 || uri.PathAndQuery is not ("/" or "") || uri.Fragment.Length > 0)
        {
            throw Invalid("The proxy is no address of one.", null, Mend);
        }

        if (uri.UserInfo == Hidden)
        {
            throw Invalid($"The proxy {uri.Authority} has its user and password hidden.", null, Mend);
        }
    }

    private sealed record Made(string Address, IReadOnlyList<string> Direct, StoreProxy Proxy);

    private static string Show(Uri uri) => $"{uri.Scheme}://{(uri.UserInfo.Length > 0 ? Hidden + "@" : "")}{uri.Authority}";
}
