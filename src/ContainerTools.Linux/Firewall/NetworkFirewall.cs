using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Firewall;

/// <summary>
/// The firewall of the container networks of one network namespace: the table <c>inet containertools</c>. Every change is one transaction: done whole, or not
/// at all. All members throw <see cref="NftablesException"/> when nftables refuses, and <see cref="LinuxException"/> when a system call does.
/// </summary>
/// <param name="nftables">Who executes; see <see cref="Nftables.Open"/>.</param>
/// <param name="network">The namespace that has the bridges; it stays the caller's.</param>
public sealed class NetworkFirewall(INftables nftables, NetworkNamespace network)
{
    /// <summary>Whether the table is there; somebody's <c>flush ruleset</c> takes it away.</summary>
    public bool IsEstablished() => Run("list tables inet\n").Split('\n').Contains($"table {FirewallTable.Name}");

    /// <summary>Makes all rules anew, whatever was there of them; connections that exist live on.</summary>
    /// <param name="networks">All networks with all their published ports.</param>
    /// <exception cref="ArgumentException">See <see cref="FirewallPlanner.Establish"/>.</exception>
    public void Establish(IReadOnlyList<FirewallNetwork> networks) => Run(FirewallPlanner.Establish(networks));

    /// <summary>Changes what differs between two states; see <see cref="FirewallPlanner.Change"/>. The table must be there.</summary>
    /// <param name="before">Networks as they are.</param>
    /// <param name="after">The same networks as they shall be.</param>
    /// <exception cref="ArgumentException">See <see cref="FirewallPlanner.Change"/>.</exception>
    public void Change(IReadOnlyList<FirewallNetwork> before, IReadOnlyList<FirewallNetwork> after)
    {
        var commands = FirewallPlanner.Change(before, after);
        if (commands.Length > 0)
        {
            Run(commands);
        }
    }

    /// <summary>Removes all rules; nothing happens when there are none.</summary>
    public void Remove() => Run(FirewallPlanner.Remove());

    private string Run(string commands) => network.Run(() => nftables.Run(commands));
}
