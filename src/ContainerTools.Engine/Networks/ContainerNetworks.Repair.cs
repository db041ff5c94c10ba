using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks.Links;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks;

/// <content>Mending bridges, VLANs, links and rules of networks in use.</content>
internal sealed partial class ContainerNetworks
{
    /// <summary>Finds what is missing on the host of networks that running containers are on, and makes it when <paramref name="apply"/> is set.</summary>
    public IReadOnlyList<RepairAction> Repair(bool apply)
    {
        var plans = _containers.List()
            .Where(container => File.Exists(BundleOf(container.Id).Network) && ContainerStatus.Of(BundleOf(container.Id)).IsRunning)
            .SelectMany(container => PlansOf(container.Id).Select(plan => (container, plan)))
            .ToLookup(item => item.plan.Network.IsBridge);
        return [.. RepairUpon(plans[false], apply), .. RepairBridges(plans[true], apply), .. RepairHost([.. plans[true].Select(item => item.plan.Network)], apply)];
    }

    private IEnumerable<RepairAction> RepairUpon(IEnumerable<(ContainerRecord Container, EndpointPlan Plan)> plans, bool apply)
    {
        foreach (var network in plans.Select(item => item.Plan.Network).Where(network => network.Spec.Vlan is not null).DistinctBy(network => network.Upon))
        {
            if (_host.Links.FindLink(network.Upon!) is null)
            {
                yield return Action("Link", network.Upon!, $"the VLAN that the network '{network.Name}' is upon is missing", apply, () => _fabric.Ensure(network));
            }
        }

        foreach (var (container, plan) in plans)
        {
            if (_namespaces.LinksOf(container.Id) is { } links && !links.Any(link => link.Name == plan.InterfaceName))
            {
                yield return Action("Link", plan.InterfaceName, $"container '{container.Name}' has lost its link to the network '{plan.Network.Name}'", apply, () => Relink(container, plan));
            }
        }
    }

    private IEnumerable<RepairAction> RepairBridges(IEnumerable<(ContainerRecord Container, EndpointPlan Plan)> plans, bool apply)
    {
        foreach (var network in plans.Select(item => item.Plan.Network).DistinctBy(network => network.Id))
        {
            if (_bridges.FindWhole(network) is null)
            {
                yield return Action("Bridge", network.Bridge, $"the bridge of the network '{network.Name}' is missing, half made, or not in its VRF or VLAN", apply, () => _fabric.Ensure(network));
            }
        }

        foreach (var (container, plan) in plans)
        {
            var bridge = _bridges.Find(plan.Network);
            if (_host.Links.FindLink(plan.HostInterfaceName) is not { } link)
            {
                yield return Action("Link", plan.HostInterfaceName, $"container '{container.Name}' has lost its link to the network '{plan.Network.Name}'", apply, () => Relink(container, plan));
            }
            else if (bridge is null || link.Master != bridge || !link.IsUp)
            {
                yield return Action("Link", plan.HostInterfaceName, $"the link of container '{container.Name}' is not on its bridge, or down", apply, () => _links.Attach(plan, _fabric.Ensure(plan.Network)));
            }
        }
    }

    private IEnumerable<RepairAction> RepairHost(IReadOnlyList<NetworkRecord> inUse, bool apply)
    {
        if (inUse.Count == 0)
        {
            yield break;
        }

        var flushed = !_rules.AreEstablished;
        var off = HostForwarding.FindOff(_host, inUse);
        if (off is not (false, false))
        {
            var setting = off.IPv4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding";
            yield return Action("Setting", setting, "the host forwards no packets of containers", apply, _fabric.Establish);
        }

        if (flushed)
        {
            yield return Action("Rules", _rules.Name, "somebody has flushed the firewall", apply, _fabric.Establish);
        }
        else if (apply)
        {
            // Single elements may be missing: nothing tells, and making all anew harms no connection.
            _fabric.Establish();
        }
    }

    private void Relink(ContainerRecord container, EndpointPlan plan)
    {
        using var own = NetworkNamespace.Open(_namespaces.PathOf(container.Id));
        using var inside = NetlinkSocket.Open(own);
        _links.Connect(plan, own, inside, inside.GetLinks().Max(link => link.Index) + 1, _fabric.Ensure(plan.Network));
    }

    private ContainerBundle BundleOf(string containerId) => new(Path.Combine(_paths.Containers, containerId), _paths.States, containerId);

    private static RepairAction Action(string kind, string target, string reason, bool apply, Action mend)
    {
        var action = new RepairAction { Kind = kind, Target = target, Reason = reason };
        if (!apply)
        {
            return action;
        }

        try
        {
            NetworkErrors.Translate(reason, target, () =>
            {
                mend();
                return true;
            });
            return action with { Repaired = true };
        }
        catch (ContainerToolsException error)
        {
            return action with { Reason = $"{reason}; it cannot be mended: {error.Message}" };
        }
    }

    private static RepairAction Action(string kind, string target, string reason, bool apply, Func<object> mend) => Action(kind, target, reason, apply, () => { _ = mend(); });
}
