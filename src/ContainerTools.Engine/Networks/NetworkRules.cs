using ContainerTools.Linux.Firewall;

namespace ContainerTools.Engine.Networks;

/// <summary>The firewall of the store's networks; nothing at all where the administrator has taken that over.</summary>
internal sealed class NetworkRules(HostNetwork host, Func<FirewallBackend> backend)
{
    private readonly Lazy<NetworkFirewall> _firewall = new(() => new NetworkFirewall(Nftables.Open(), host.Namespace));

    /// <summary>Name of the table that holds them.</summary>
    public static string Name => "inet containertools";

    /// <summary>Whether somebody else makes the rules.</summary>
    public bool AreForeign => backend() == FirewallBackend.None;

    /// <summary>Whether the rules are there; a flush of the host's firewall takes them away.</summary>
    public bool AreEstablished => AreForeign || _firewall.Value.IsEstablished();

    /// <summary>Makes all rules anew.</summary>
    public void Establish(IReadOnlyList<FirewallNetwork> networks)
    {
        if (!AreForeign)
        {
            _firewall.Value.Establish(new() { Networks = networks });
        }
    }

    /// <summary>Changes what differs; rules must be there.</summary>
    public void Change(IReadOnlyList<FirewallNetwork> before, IReadOnlyList<FirewallNetwork> after)
    {
        if (!AreForeign)
        {
            _firewall.Value.Change(new() { Networks = before }, new() { Networks = after });
        }
    }

    /// <summary>A network as the firewall sees it.</summary>
    public static FirewallNetwork ToFirewall(NetworkRecord network, IReadOnlyList<PublishedPort>? ports = null) => new()
    {
        Bridge = network.Bridge,
        Subnets = [.. network.Subnets.Select(subnet => subnet.Network)],
        Internal = network.Spec.Internal,
        ContainersReachOneAnother = network.Spec.Icc,
        Ports = ports ?? [],
    };
}
