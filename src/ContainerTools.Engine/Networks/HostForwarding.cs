using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks;

/// <summary>Makes the host forward packets between links.</summary>
internal static class HostForwarding
{
    private const string IPv4 = "/proc/sys/net/ipv4/ip_forward";
    private const string IPv6 = "/proc/sys/net/ipv6/conf/all/forwarding";

    /// <summary>Turns forwarding on where it is off; says for which families it was, so that nobody else relies on the host as a router.</summary>
    public static (bool IPv4, bool IPv6) Enable(HostNetwork host, bool withIPv6)
    {
        var (four, six, learning) = host.Run(() => (Read(IPv4), Read(IPv6), LinksThatLearn()));
        var settings = new List<NetworkSysctl>();
        if (four == "0")
        {
            settings.Add(NetworkSysctl.IPv4Forwarding(true));
        }

        if (withIPv6 && six == "0")
        {
            // A link that forwards takes no more router advertisements unless it is told so (ip-sysctl.rst, accept_ra): the host would lose its own IPv6 routes.
            settings.AddRange(learning.Select(link => NetworkSysctl.AcceptRouterAdvertisements(link, 2)));
            settings.Add(NetworkSysctl.IPv6Forwarding(true));
        }

        if (settings.Count > 0)
        {
            host.Namespace.Apply([.. settings]);
        }

        return (four == "0", withIPv6 && six == "0");
    }

    /// <summary>Notes in a file what was turned on; true when there was something to note. Who wants a router turns it on himself, before us.</summary>
    public static bool Note(string path, (bool IPv4, bool IPv6) turnedOn)
    {
        if (turnedOn is (false, false))
        {
            return false;
        }

        File.AppendAllText(path, $"{(turnedOn.IPv4 ? "ipv4\n" : "")}{(turnedOn.IPv6 ? "ipv6\n" : "")}");
        return true;
    }

    /// <summary>Tells the firewall what was noted: for those families it drops what is neither from nor for containers.</summary>
    public static FirewallHost Mark(FirewallHost host, string path)
    {
        var noted = File.Exists(path) ? File.ReadAllText(path) : "";
        return host with { ForwardsIPv4ForContainersOnly = noted.Contains("ipv4", StringComparison.Ordinal), ForwardsIPv6ForContainersOnly = noted.Contains("ipv6", StringComparison.Ordinal) };
    }

    /// <summary>Whether the host forwards no IPv4 packets.</summary>
    public static bool IsOff(HostNetwork host) => host.Run(() => Read(IPv4)) == "0";

    /// <summary>Whether the host has IPv6.</summary>
    public static bool HasIPv6(HostNetwork host) => host.Run(() => Read("/proc/sys/net/ipv6/conf/all/disable_ipv6")) == "0";

    private static List<string> LinksThatLearn() => Directory.Exists("/proc/sys/net/ipv6/conf")
        ? [.. Directory.EnumerateDirectories("/proc/sys/net/ipv6/conf").Select(path => Path.GetFileName(path)).Where(link => Read($"/proc/sys/net/ipv6/conf/{link}/accept_ra") == "1")]
        : [];

    private static string? Read(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : null;
}
