using System.Net;
using ContainerTools.Engine.Networks.Links;
using ContainerTools.Engine.Networks.Policies;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux.Firewall;

namespace ContainerTools.Engine.Networks;

/// <summary>
/// The host's side of networks: bridges, forwarding and rules. They are made when a container first needs them, after a reboot again, and stay until the network is
/// removed.
/// </summary>
/// <param name="paths">Where the lock lies.</param>
/// <param name="host">The host's namespace.</param>
/// <param name="bridges">Its bridges.</param>
/// <param name="vlans">VLANs of its links.</param>
/// <param name="rules">Its rules.</param>
/// <param name="policies">Whom policies are about, as the rules have it or shall have it.</param>
/// <param name="networks">All networks.</param>
/// <param name="inUse">All networks that have a bridge or may have one, with the ports of their containers that run.</param>
internal sealed class NetworkFabric(StorePaths paths, HostNetwork host, BridgeLinks bridges, VlanLinks vlans, NetworkRules rules, Func<IReadOnlyList<NetworkRecord>> networks, Func<IReadOnlyList<(NetworkRecord Network, IReadOnlyList<PublishedPort> Ports)>> inUse, Func<PolicyState> policies)
{
    /// <summary>
    /// Sees to it that a network's bridge and rules are there, or the VLAN that it is put upon; returns the bridge's index, 0 for a network without one. Throws <c>FirewallUnavailable</c>,
    /// <c>NetworkSetupFailed</c>, <c>InterfaceNameInUse</c>, and as <see cref="LinkRequirements.Check"/>.
    /// </summary>
    public int Ensure(NetworkRecord network)
    {
        if (!network.IsBridge && network.Spec.Vlan is null)
        {
            return 0;
        }

        return NetworkErrors.Translate($"Network '{network.Name}' cannot be made ready", network.Name, () =>
        {
            if (network.IsBridge && bridges.FindWhole(network) is { } ready && rules.AreEstablished)
            {
                return ready;
            }

            using (NetworkLock.Take(paths.NetworkLock))
            {
                if (network.IsBridge)
                {
                    return Make(network);
                }

                vlans.Ensure(network);
                return 0;
            }
        });
    }

    /// <summary>Changes rules of ports; makes all rules anew when somebody has flushed them.</summary>
    public void ChangeRules(NetworkRecord network, IReadOnlyList<PublishedPort> portsBefore, IReadOnlyList<PublishedPort> portsAfter) => NetworkErrors.Translate($"The rules of the network '{network.Name}' cannot be changed", network.Name, () =>
    {
        using (NetworkLock.Take(paths.NetworkLock))
        {
            if (rules.AreEstablished)
            {
                rules.Change(new() { Networks = [ToFirewall(network, portsBefore)] }, new() { Networks = [ToFirewall(network, portsAfter)] });
            }
            else
            {
                rules.Establish(All());
            }
        }

        return true;
    });

    /// <summary>Takes a network's bridge and rules away, or the VLAN that it was the last upon.</summary>
    public void Remove(NetworkRecord network)
    {
        if (!network.IsBridge && network.Spec.Vlan is null)
        {
            return;
        }

        NetworkErrors.Translate($"Network '{network.Name}' cannot be taken down", network.Name, () =>
        {
            using (NetworkLock.Take(paths.NetworkLock))
            {
                if (!network.IsBridge)
                {
                    // Networks are made without the lock, but their containers start with it: one that comes now finds the VLAN gone and makes it again.
                    if (!networks().Any(other => other.Upon == network.Upon))
                    {
                        vlans.Remove(network);
                    }

                    return true;
                }

                // A network that no container was on yet has no rules, one whose bridge somebody removed has them still.
                if (rules.AreEstablished)
                {
                    rules.TakeOut(ToFirewall(network, []));
                }

                bridges.Remove(network);
            }

            return true;
        });
    }

    /// <summary>Makes all rules anew, and the host forward packets of all networks that are in use.</summary>
    public void Establish() => NetworkErrors.Translate("The rules of container networks cannot be made", null, () =>
    {
        using (NetworkLock.Take(paths.NetworkLock))
        {
            var off = HostForwarding.FindOff(host, inUse().Select(item => item.Network).Where(network => bridges.Find(network) is not null));
            HostForwarding.Note(paths.Forwarding, off);
            rules.Establish(All());
            HostForwarding.Enable(host, off);
        }

        return true;
    });

    private int Make(NetworkRecord network)
    {
        // The rules come before the bridge can carry a packet and the host forwards one, and the bridge's mark of completeness last of all.
        var ready = bridges.FindWhole(network);
        var established = rules.AreEstablished;
        if (ready is { } index && established)
        {
            return index;
        }

        LinkRequirements.Check(host, network.Spec);
        var off = HostForwarding.FindOff(host, [network]);
        if (HostForwarding.Note(paths.Forwarding, off) && established)
        {
            rules.Change(new(), HostForwarding.Mark(new FirewallHost(), paths.Forwarding));
        }

        if (!established)
        {
            var whole = All();
            rules.Establish(whole with { Networks = [.. whole.Networks.Where(other => other.Bridge != network.Bridge), ToFirewall(network, inUse().Where(item => item.Network.Id == network.Id).SelectMany(item => item.Ports))] });
        }
        else if (ready is null)
        {
            // Its containers add their ports themselves.
            rules.Change(new(), new() { Networks = [ToFirewall(network, [])] });
        }

        HostForwarding.Enable(host, off);
        var made = bridges.Make(network);
        bridges.Complete(network, made);
        return made;
    }

    private FirewallNetwork ToFirewall(NetworkRecord network, IEnumerable<PublishedPort> ports) => NetworkRules.ToFirewall(network, [.. ports], policies().ByHost.Contains(network.Id));

    // Only networks with a bridge: the name of one that is missing could be given to another link.
    private FirewallHost All() => HostForwarding.Mark(PolicyPlanner.ToFirewall(policies()), paths.Forwarding) with
    {
        Networks = [.. inUse().Where(item => bridges.Find(item.Network) is not null).Select(item => ToFirewall(item.Network, item.Ports))],
    };
}
