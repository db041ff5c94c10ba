using System.Net;

namespace ContainerTools.Engine.Registry.Proxies;

/// <summary>One proxy for all hosts but some.</summary>
internal sealed class StoreProxy : IWebProxy
{
    private readonly Uri _address;
    private readonly DirectHosts _direct;

    /// <param name="address">The proxy, with user and password if it asks for them.</param>
    /// <param name="direct">Hosts that are reached without it.</param>
    public StoreProxy(Uri address, DirectHosts direct)
    {
        _direct = direct;
        _address = new UriBuilder(address) { UserName = "", Password = "" }.Uri;
        if (address.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var rest])
        {
            Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(rest is [var password] ? password : ""));
        }
    }

    public ICredentials? Credentials { get; set; }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : _address;

    public bool IsBypassed(Uri host) => _direct.Include(host);
}
