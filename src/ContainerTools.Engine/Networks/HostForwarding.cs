using System.Net.Sockets;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks;

/// <summary>Makes the host forward packets between links.</summary>
internal static class HostForwarding
{
    private const string IPv4 = "/proc/sys/net/ipv4/ip_forward";
    private const string IPv6 = "/proc/sys/net/ipv6/conf/all/forwarding";

    /// <summary>The families of these networks that the host does not forward.</summary>
    public static (bool IPv4, bool IPv6) FindOff(HostNetwork host, IEnumerable<NetworkRecord> networks)
    {
        var (four, six) = host.Run(() => (Read(IPv4) == "0", Read(IPv6) == "0"));
        return (four, six && networks.Any(network => network.Subnets.Any(subnet => subnet.Family == AddressFamily.InterNetworkV6)));
    }

    /// <summary>
    /// Notes in a file what is about to be turned on, so that nobody but containers relies on the host as a router; true when there is something to note. Who wants a router turns it on
    /// himself, before us.
    /// </summary>
    public static bool Note(string path, (bool IPv4, bool IPv6) off)
    {
        if (off is (false, false))
        {
            return false;
        }

        File.AppendAllText(path, $"{(off.IPv4 ? "ipv4\n" : "")}{(off.IPv6 ? "ipv6\n" : "")}");
        return true;
    }

    /// <summary>Turns forwarding on. It has been noted, and the rules know: at no time is the host everybody's router.</summary>
    public static void Enable(HostNetwork host, (bool IPv4, bool IPv6) off)
    {
        var settings = new List<NetworkSysctl>();
        if (off.IPv4)
        {
            settings.Add(NetworkSysctl.IPv4Forwarding(true));
        }

        if (off.IPv6)
        {
            // A link that forwards takes no more router advertisements unless it is told so (ip-sysctl.rst, accept_ra): the host would lose its own IPv6 routes.
            settings.AddRange(host.Run(LinksThatLearn).Select(link => NetworkSysctl.AcceptRouterAdvertisements(link, 2)));
            settings.Add(NetworkSysctl.IPv6Forwarding(true));
        }

        if (settings.Count > 0)
        {
            host.Namespace.Apply([.. settings]);
        }
    }

    /// <summary>Tells the firewall what was noted: for those families it drops what is neither from nor for containers.</summary>
    public static FirewallHost Mark(FirewallHost host, string path)
    {
        var noted = File.Exists(path) ? File.ReadAllText(path) : "";
        return host with { ForwardsIPv4ForContainersOnly = noted.Contains("ipv4", StringComparison.Ordinal), ForwardsIPv6ForContainersOnly = noted.Contains("ipv6", StringComparison.Ordinal) };
    }

    /// <summary>Whether the host has IPv6.</summary>
    public static bool HasIPv6(HostNetwork host) => host.Run(() => Read("/proc/sys/net/ipv6/conf/all/disable_ipv6")) == "0";

    private static List<string> LinksThatLearn() => Directory.Exists("/proc/sys/net/ipv6/conf")
        ? [.. Directory.EnumerateDirectories("/proc/sys/net/ipv6/conf").Select(path => Path.GetFileName(path)).Where(link => Read($"/proc/sys/net/ipv6/conf/{link}/accept_ra") == "1")]
        : [];

    private static string? Read(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : null;
}
