using System.Net;
using ContainerTools.Linux.Firewall.Nfnetlink;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Firewall.Connections;

/// <summary>
/// Forgets connections of UDP to published ports that lead to somebody else than they should by now. An entry of connection tracking lives on as long as its
/// client goes on sending, and with it the translation it began with: to a container that is gone, or to nobody if the client began before the port was
/// published. A connection of TCP ends by itself.
/// </summary>
internal static class PublishedConnections
{
    /// <summary>Deletes the entries concerned. Throws <see cref="LinuxException"/>.</summary>
    /// <param name="socket">A socket in the host's namespace.</param>
    /// <param name="network">That namespace.</param>
    /// <param name="before">The host as it was.</param>
    /// <param name="after">The host as it is.</param>
    public static void Forget(NfnetlinkSocket socket, NetworkNamespace network, FirewallHost before, FirewallHost after)
    {
        var (old, young) = (Ports(before), Ports(after));
        PublishedPort[] changed = [.. young.Except(old), .. old.Except(young)];
        if (changed.Length == 0)
        {
            return;
        }

        var local = new Lazy<HashSet<IPAddress>>(() => LocalAddresses(network));
        foreach (var family in changed.GroupBy(port => port.HostAddress.AddressFamily))
        {
            ushort? single = family.All(port => port.Count == 1 && port.HostPort == family.First().HostPort) ? family.First().HostPort : null;
            ConnectionTracking.Forget(socket, TransportProtocol.Udp, family.Key, connection => IsAstray(connection, changed, young, local), single);
        }
    }

    private static List<PublishedPort> Ports(FirewallHost host) =>
    [
        .. host.Networks
            .Where(network => network.GatewayMode != FirewallGatewayMode.Routed)
            .SelectMany(network => network.Ports)
            .Where(port => port.Protocol == TransportProtocol.Udp),
    ];

    private static bool IsAstray(TrackedConnection connection, PublishedPort[] changed, List<PublishedPort> current, Lazy<HashSet<IPAddress>> local)
    {
        var port = Array.Find(changed, port => Fits(port, connection.Destination));
        if (port is null || (!connection.DestinationTranslated && FirewallValidation.IsAny(port.HostAddress) && !IsLocal(connection.Destination.Address, local)))
        {
            return false; // for instance a container that asks a name server elsewhere: it must not lose its translation
        }

        var now = current.Find(port => Fits(port, connection.Destination));
        return now is null || !connection.Server.Equals(new IPEndPoint(now.ContainerAddress, now.ContainerPort + connection.Destination.Port - now.HostPort));
    }

    private static bool Fits(PublishedPort port, IPEndPoint destination) =>
        destination.Port >= port.HostPort && destination.Port < port.HostPort + port.Count
        && destination.AddressFamily == port.HostAddress.AddressFamily
        && (FirewallValidation.IsAny(port.HostAddress) || port.HostAddress.Equals(destination.Address));

    private static bool IsLocal(IPAddress address, Lazy<HashSet<IPAddress>> local) => IPAddress.IsLoopback(address) || local.Value.Contains(address);

    private static HashSet<IPAddress> LocalAddresses(NetworkNamespace network)
    {
        using var socket = NetlinkSocket.Open(network);
        return [.. socket.GetAddresses().Select(address => address.Address)];
    }
}
