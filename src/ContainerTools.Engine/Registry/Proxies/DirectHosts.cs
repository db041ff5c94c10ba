using System.Globalization;
using System.Net;

namespace ContainerTools.Engine.Registry.Proxies;

/// <summary>
/// Hosts that are reached without a proxy, written as in <c>NO_PROXY</c> and read as Go's tools read it (golang.org/x/net/http/httpproxy): <c>example.com</c> is that host and those below,
/// <c>.example.com</c> only those below, an address or a network <c>10.0.0.0/8</c> is what it says, <c>:PORT</c> narrows, <c>*</c> is every host. This machine itself is always among them.
/// </summary>
internal sealed class DirectHosts(IReadOnlyList<string> rules)
{
    /// <summary>Throws <c>InvalidEngineSetting</c>.</summary>
    public static void Check(IReadOnlyList<string> rules)
    {
        foreach (var rule in rules)
        {
            var (host, port) = Split(rule);
            if (!IPNetwork.TryParse(rule, out _) && (port is 0 or > ushort.MaxValue || !(host == "*" || Uri.CheckHostName(Domain(host)) != UriHostNameType.Unknown)))
            {
                throw ProxySettings.Invalid($"'{rule}' is no host that could be reached without a proxy.", rule, "Write one host a value: example.com, .example.com, 10.0.0.0/8, host:5000, or * for all.");
            }
        }
    }

    /// <summary>True for a host that is reached without a proxy.</summary>
    public bool Include(Uri uri) => uri.IsLoopback || rules.Any(rule => Fits(rule, uri));

    private static bool Fits(string rule, Uri uri)
    {
        var address = IPAddress.TryParse(uri.IdnHost, out var parsed) ? parsed : null;
        if (IPNetwork.TryParse(rule, out var network))
        {
            return address is not null && network.Contains(address);
        }

        var (host, port) = Split(rule);
        if (port is not null && port != uri.Port)
        {
            return false;
        }

        if (host == "*")
        {
            return true;
        }

        if (IPAddress.TryParse(host, out var one))
        {
            return one.Equals(address);
        }

        var domain = Domain(host);
        return uri.IdnHost.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase) || (domain == host && uri.IdnHost.Equals(domain, StringComparison.OrdinalIgnoreCase));
    }

    private static string Domain(string host) => host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host.StartsWith('.') ? host[1..] : host;

    private static (string Host, int? Port) Split(string rule)
    {
        var colon = rule.LastIndexOf(':');
        // The colons of an IPv6 address are its own, unless brackets set it off.
        return colon > 0 && (rule[colon - 1] == ']' || rule.IndexOf(':', StringComparison.Ordinal) == colon) && int.TryParse(rule.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (rule[..colon].Trim('[', ']'), port)
            : (rule.Trim('[', ']'), null);
    }
}
