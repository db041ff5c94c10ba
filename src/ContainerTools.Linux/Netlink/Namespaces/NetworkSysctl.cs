using System.Globalization;
using System.Text;
using ContainerTools.Linux.Processes;

namespace ContainerTools.Linux.Netlink;

/// <summary>
/// A setting of a network namespace to be written (Documentation/networking/ip-sysctl.rst); <see cref="NetworkNamespace.Apply"/> writes it. Where a link is
/// named, <c>all</c> and <c>default</c> do too.
/// </summary>
public sealed record NetworkSysctl
{
    private const int WriteOnly = 1;

    private NetworkSysctl(string path, int value) => (Path, Value) = (path, value);

    /// <summary>Path of its file.</summary>
    public string Path { get; }

    /// <summary>What is written.</summary>
    public int Value { get; }

    /// <summary>Whether IPv4 packets are forwarded between links.</summary>
    public static NetworkSysctl IPv4Forwarding(bool enabled) => new("/proc/sys/net/ipv4/ip_forward", enabled ? 1 : 0);

    /// <summary>Whether IPv6 packets are forwarded between links. A link that forwards takes router advertisements only if told so.</summary>
    public static NetworkSysctl IPv6Forwarding(bool enabled) => new("/proc/sys/net/ipv6/conf/all/forwarding", enabled ? 1 : 0);

    /// <summary>Whether packets to 127.0.0.0/8 may come and go by a link, as those of a port published on the host's loopback do.</summary>
    public static NetworkSysctl RouteLocalnet(string link, bool enabled) => OfLink("ipv4", link, "route_localnet", enabled ? 1 : 0);

    /// <summary>Whether a link has no IPv6 at all.</summary>
    public static NetworkSysctl DisableIPv6(string link, bool disabled) => OfLink("ipv6", link, "disable_ipv6", disabled ? 1 : 0);

    /// <summary>Whether a link takes addresses and routes from router advertisements: 0 never, 1 unless it forwards, 2 always.</summary>
    public static NetworkSysctl AcceptRouterAdvertisements(string link, int acceptance) => OfLink("ipv6", link, "accept_ra", acceptance);

    /// <summary>Whether a link that does not forward takes IPv4 redirects to other gateways; it does when either it or <c>all</c> is set.</summary>
    public static NetworkSysctl AcceptRedirects(string link, bool accepted) => OfLink("ipv4", link, "accept_redirects", accepted ? 1 : 0);

    /// <summary>Whether a link takes IPv6 redirects to other gateways.</summary>
    public static NetworkSysctl AcceptIPv6Redirects(string link, bool accepted) => OfLink("ipv6", link, "accept_redirects", accepted ? 1 : 0);

    /// <summary>Whether IPv6 addresses of a link are used only after nobody else was found to have them.</summary>
    public static NetworkSysctl DuplicateAddressDetection(string link, bool enabled) => OfLink("ipv6", link, "accept_dad", enabled ? 1 : 0);

    /// <summary><c>/proc/sys/net/ipv4/ip_forward = 1</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Path} = {Value}");

    /// <summary>Writes it to the calling thread's namespace: procfs shows each thread that of its own. Throws <see cref="LinuxException"/>.</summary>
    public void Write()
    {
        using var file = Descriptor.Open(Path, WriteOnly);
        Descriptor.Write(file, Encoding.ASCII.GetBytes(Value.ToString(CultureInfo.InvariantCulture)), ToString());
    }

    private static NetworkSysctl OfLink(string family, string link, string name, int value) => new($"/proc/sys/net/{family}/conf/{LinkName.Check(link)}/{name}", value);
}
