using ContainerTools.Engine.Containers;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks;

/// <content>Mending bridges, links and rules of networks in use.</content>
internal sealed partial class ContainerNetworks
{
    /// <summary>Finds what is missing on the host of networks that running containers are on, and makes it when <paramref name="apply"/> is set.</summary>
    public IReadOnlyList<RepairAction> Repair(bool apply)
    {
        var actions = new List<RepairAction>();
        var running = _containers.List().Where(container => File.Exists(BundleOf(container.Id).Network) && ContainerStatus.Of(BundleOf(container.Id)).IsRunning).ToList();
        foreach (var network in running.SelectMany(container => PlansOf(container.Id)).Select(plan => plan.Network).Where(network => network.IsBridge).DistinctBy(network => network.Id))
        {
            if (_bridges.Find(network) is null)
            {
                actions.Add(Action("Bridge", network.Bridge, $"the bridge of the network '{network.Name}' is missing or half made", apply, () => _fabric.Ensure(network)));
            }
        }

        foreach (var container in running)
        {
            foreach (var plan in PlansOf(container.Id).Where(plan => plan.Network.IsBridge))
            {
                var bridge = _bridges.Find(plan.Network);
                if (_host.Links.FindLink(plan.HostInterfaceName) is not { } link)
                {
                    actions.Add(Action("Link", plan.HostInterfaceName, $"container '{container.Name}' has lost its link to the network '{plan.Network.Name}'", apply, () => Relink(container, plan)));
                }
                else if (bridge is null || link.Master != bridge || !link.IsUp)
                {
                    actions.Add(Action("Link", plan.HostInterfaceName, $"the link of container '{container.Name}' is not on its bridge, or down", apply, () => _links.Attach(plan, _fabric.Ensure(plan.Network))));
                }
            }
        }

        var flushed = running.Count > 0 && !_rules.AreEstablished;
        var off = HostForwarding.FindOff(_host, running.SelectMany(container => PlansOf(container.Id)).Select(plan => plan.Network).Where(network => network.IsBridge));
        if (running.Count > 0 && off is not (false, false))
        {
            var setting = off.IPv4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding";
            actions.Add(Action("Setting", setting, "the host forwards no packets of containers", apply, _fabric.Establish));
        }

        if (flushed)
        {
            actions.Add(Action("Rules", _rules.Name, "somebody has flushed the firewall", apply, _fabric.Establish));
        }
        else if (apply && running.Count > 0)
        {
            // Single elements may be missing: nothing tells, and making all anew harms no connection.
            _fabric.Establish();
        }

        return actions;
    }

    private void Relink(ContainerRecord container, Links.EndpointPlan plan)
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
