using System.Security.Cryptography;
using System.Text;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Firewall.Nfnetlink;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks;

/// <summary>The firewall of the store's networks; nothing at all where the administrator has taken that over.</summary>
/// <param name="host">The host's namespace.</param>
/// <param name="root">The store's root, which tells its table from those of other stores on this host.</param>
/// <param name="backend">Who makes the rules.</param>
internal sealed class NetworkRules(HostNetwork host, string root, Func<FirewallBackend> backend) : IDisposable
{
    private const string UsualRoot = "/var/lib/containertools";

    private readonly Lazy<NetworkFirewall> _firewall = new(() => new NetworkFirewall(Nftables.Open(), host.Namespace, TableOf(root)));

    /// <summary>Name of the table that holds them.</summary>
    public string Name => $"inet {TableOf(root)}";

    /// <summary>Whether somebody else makes the rules.</summary>
    public bool AreForeign => backend() == FirewallBackend.None;

    /// <summary>Whether the rules are there; a flush of the host's firewall takes them away.</summary>
    public bool AreEstablished => AreForeign || _firewall.Value.IsEstablished();

    /// <summary>Makes all rules anew.</summary>
    public void Establish(FirewallHost whole)
    {
        if (!AreForeign)
        {
            _firewall.Value.Establish(whole);
        }
    }

    /// <summary>Changes what differs; rules must be there.</summary>
    public void Change(FirewallHost before, FirewallHost after)
    {
        if (!AreForeign)
        {
            _firewall.Value.Change(before, after);
        }
    }

    /// <summary>Takes a network without ports out, whether or not it is in; rules must be there.</summary>
    public void TakeOut(FirewallNetwork network)
    {
        if (!AreForeign)
        {
            _firewall.Value.TakeOut(new() { Networks = [network] });
        }
    }

    /// <summary>What takes ports of a network out of the rules, for the kernel, in bytes that the container's monitor keeps; null when there is nothing to take.</summary>
    public ReadOnlyMemory<byte>? Removal(FirewallNetwork network) =>
        AreForeign || network.Ports.Count == 0 ? null : FirewallPlanner.Removal(TableOf(root), new() { Networks = [network] }).ToBatch().ToBytes();

    /// <summary>Carries <see cref="Removal"/> out; what is gone already is no error.</summary>
    public static void Remove(NetworkNamespace host, ReadOnlyMemory<byte> removal)
    {
        using var socket = NfnetlinkSocket.Open(host);
        socket.Remove(removal.Span);
    }

    public void Dispose()
    {
        if (_firewall.IsValueCreated)
        {
            _firewall.Value.Dispose();
        }
    }

    /// <summary>A network as the firewall sees it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="ports">Ports of its containers; null for none.</param>
    /// <param name="byHost">Whether its containers talk by the host.</param>
    public static FirewallNetwork ToFirewall(NetworkRecord network, IReadOnlyList<PublishedPort>? ports = null, bool byHost = false) => new()
    {
        Bridge = network.Bridge,
        Vrf = network.Spec.Vrf,
        Subnets = [.. network.Subnets.Select(subnet => subnet.Network)],
        Internal = network.Spec.Internal,
        ContainersReachOneAnother = network.Spec.Icc,
        GatewayMode = network.Spec.GatewayMode switch
        {
            GatewayMode.NatUnprotected => FirewallGatewayMode.NatUnprotected,
            GatewayMode.Routed => FirewallGatewayMode.Routed,
            GatewayMode.Isolated => FirewallGatewayMode.Isolated,
            _ => FirewallGatewayMode.Nat,
        },
        ContainersTalkByHost = byHost,
        Ports = ports ?? [],
    };

    /// <summary>Name of the table of a store.</summary>
    public static string TableOf(string root) => root == UsualRoot
        ? FirewallTable.DefaultName
        : $"{FirewallTable.DefaultName}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 4))}";
}
