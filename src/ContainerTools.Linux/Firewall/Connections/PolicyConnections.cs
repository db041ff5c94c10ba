using System.Net;
using ContainerTools.Linux.Firewall.Nfnetlink;

namespace ContainerTools.Linux.Firewall.Connections;

/// <summary>
/// Forgets connections of UDP between containers whose policies change. What policies deny from now on ends by the rules as far as the client sends; but answers always
/// pass, and a server that goes on sending would keep its entry of connection tracking alive. Without an entry, the next packet is judged anew, whoever sends it.
/// A server of TCP falls silent when nothing is acknowledged.
/// </summary>
internal static class PolicyConnections
{
    /// <summary>Deletes the entries concerned. Throws <see cref="LinuxException"/>.</summary>
    /// <param name="socket">A socket in the host's namespace.</param>
    /// <param name="before">The host as it was.</param>
    /// <param name="after">The host as it is.</param>
    /// <param name="rulesChanged">Whether the rules of policies changed, not only who they are about.</param>
    public static void Forget(NfnetlinkSocket socket, FirewallHost before, FirewallHost after, bool rulesChanged)
    {
        var (old, young) = (Members(before), Members(after));
        var known = old.Select(member => member.Address).ToHashSet();

        // A container that comes new to policies has no connections yet.
        var concerned = rulesChanged
            ? old.Concat(young).Select(member => member.Address).ToHashSet()
            : old.Except(young).Concat(young.Except(old)).Select(member => member.Address).Where(known.Contains).ToHashSet();
        foreach (var family in concerned.Select(address => address.AddressFamily).Distinct())
        {
            // Those that are translated come from outside or go there, or by a published port.
            ConnectionTracking.Forget(socket, TransportProtocol.Udp, family, connection =>
                !connection.SourceTranslated && !connection.DestinationTranslated
                && (concerned.Contains(connection.Client.Address) || concerned.Contains(connection.Server.Address)));
        }
    }

    private static List<(string Role, IPAddress Address)> Members(FirewallHost host) =>
    [
        .. host.Policies.SelectMany(policy => policy.From.Select(address => ($"{policy.Id} from", address))),
        .. host.Policies.SelectMany(policy => policy.To.Select(address => ($"{policy.Id} to", address))),
        .. host.DeniedInbound.Select(address => ("inbound", address)),
        .. host.DeniedOutbound.Select(address => ("outbound", address)),
    ];
}
