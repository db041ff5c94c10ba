using ContainerTools.Linux.Firewall.Connections;
using ContainerTools.Linux.Firewall.Nfnetlink;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Firewall;

/// <summary>
/// The firewall of container networks in one network namespace: a table of nftables. Every change is one transaction: done whole, or not at all. All members throw
/// <see cref="NftablesException"/> when nftables refuses, and <see cref="LinuxException"/> when a system call does. May be used by several threads.
/// </summary>
/// <param name="nftables">Who makes the table; see <see cref="Nftables.Open"/>. Changes and questions go to the kernel directly.</param>
/// <param name="network">The namespace that has the bridges; it stays the caller's.</param>
/// <param name="table">Name of the table. Several firewalls on one host need one each.</param>
public sealed class NetworkFirewall(INftables nftables, NetworkNamespace network, string table = FirewallTable.DefaultName) : IDisposable
{
    // A failure to open is not kept.
    private readonly Lazy<NfnetlinkSocket> _socket = new(() => NfnetlinkSocket.Open(network), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Whether the table is there; somebody's <c>flush ruleset</c> takes it away.</summary>
    public bool IsEstablished() => Ask(socket => socket.HasTable(table));

    /// <summary>Makes all rules anew, whatever was there of them; connections that exist live on.</summary>
    /// <param name="host">All networks with all their published ports.</param>
    /// <exception cref="ArgumentException">See <see cref="FirewallPlanner.Establish"/>.</exception>
    public void Establish(FirewallHost host)
    {
        Run(FirewallPlanner.Establish(table, host));
        ForgetConnections(new(), host, rulesChanged: true);
    }

    /// <summary>Changes what differs between two states; see <see cref="FirewallPlanner.Change"/>. The table must be there.</summary>
    /// <param name="before">Networks as they are.</param>
    /// <param name="after">The same networks as they shall be.</param>
    /// <exception cref="ArgumentException">See <see cref="FirewallPlanner.Change"/>.</exception>
    public void Change(FirewallHost before, FirewallHost after)
    {
        var change = FirewallPlanner.Change(table, before, after);
        if (!change.IsEmpty)
        {
            Carry(change);
            ForgetConnections(before, after, change.ChangesRules);
        }
    }

    /// <summary>Takes networks out, as far as they are in: of some nothing or only a part may be there. The table must be there.</summary>
    /// <param name="networks">The networks, with all their published ports.</param>
    /// <exception cref="ArgumentException">See <see cref="FirewallPlanner.Change"/>.</exception>
    public void TakeOut(FirewallHost networks)
    {
        var removal = FirewallPlanner.Change(table, networks, new());
        Ask(socket =>
        {
            socket.Remove(removal.ToBatch());
            return true;
        });
        ForgetConnections(networks, new(), rulesChanged: false);
    }

    /// <summary>Removes all rules; nothing happens when there are none.</summary>
    public void Remove() => Run(FirewallPlanner.Remove(table));

    /// <summary>Closes the connection to the kernel; the rules stay.</summary>
    public void Dispose()
    {
        if (_socket.IsValueCreated)
        {
            _socket.Value.Dispose();
        }
    }

    private void Carry(FirewallChange change)
    {
        if (change.ChangesRules)
        {
            Run(change.ToString());
            return;
        }

        Ask(socket =>
        {
            socket.Commit(change.ToBatch());
            return true;
        });
    }

    private void ForgetConnections(FirewallHost before, FirewallHost after, bool rulesChanged)
    {
        PublishedConnections.Forget(_socket.Value, network, before, after);
        PolicyConnections.Forget(_socket.Value, before, after, rulesChanged);
    }

    private void Run(string commands) => network.Run(() => nftables.Run(commands));

    private T Ask<T>(Func<NfnetlinkSocket, T> work)
    {
        try
        {
            return work(_socket.Value);
        }
        catch (LinuxException error)
        {
            throw NftablesException.From(error);
        }
    }
}
