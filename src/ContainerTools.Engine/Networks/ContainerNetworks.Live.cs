using System.Text.Json;
using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks.Links;
using ContainerTools.Engine.Networks.Ports;
using ContainerTools.Linux.Netlink;
using ContainerTools.Linux.Processes;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Networks;

/// <content>Changes of a container that runs.</content>
internal sealed partial class ContainerNetworks
{
    private const int Hangup = 1;
    private static readonly TimeSpan ReplyWait = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Makes a change in the catalogue and carries it out on a running container: links, routes, names, ports. The caller holds the container's lock. When it throws before anything was made, the
    /// catalogue has the change all the same, and the next start follows it.
    /// </summary>
    /// <param name="container">The container.</param>
    /// <param name="bundle">Its bundle.</param>
    /// <param name="change">The change; returns the container as it is then.</param>
    public ContainerRecord Change(ContainerRecord container, ContainerBundle bundle, Func<ContainerRecord> change)
    {
        var status = ContainerStatus.Of(bundle);
        if (!status.IsRunning || status.Runtime is not { } runtime || NetworkMode.Of(container.Spec).Kind != NetworkModeKind.Networks)
        {
            return change();
        }

        var (before, portsBefore) = (PlansOf(container.Id), _ports.Of(container.Id));
        var changed = change();
        var bridges = EndpointsOf(container.Id).ToDictionary(item => item.Network.Id, item => _fabric.Ensure(item.Network));
        ApplyPolicies();
        var after = PlansOf(container.Id);
        var rules = (Before: Rules(before, portsBefore), After: Rules(after, _ports.Of(container.Id)));
        WritePlan(bundle, Plan(changed, after, rules.After));
        NetworkErrors.Translate($"The networks of container '{container.Name}' cannot be changed", container.Name, () =>
        {
            using var own = NetworkNamespace.Open(_namespaces.PathOf(container.Id));
            using var inside = NetlinkSocket.Open(own);
            Relink(before, after, bridges, own, inside);
            return true;
        });
        foreach (var plan in before.ExceptBy(after.Select(plan => plan.Network.Id), plan => plan.Network.Id))
        {
            _names.Remove(plan.Network, container.Id);
        }

        foreach (var plan in after.Where(plan => !plan.Network.Spec.NoDns))
        {
            _names.Write(changed, plan.Network, plan.Endpoint);
        }

        ChangeRules(PublishingOf(before), rules.Before, PublishingOf(after), rules.After);
        ContainerHostFiles.Rewrite(bundle, Setup(changed, after, bundle), changed.Spec.HostName ?? changed.Id[..12]);
        Tell(container, bundle, runtime);
        return changed;
    }

    /// <summary>Has the monitor follow the new plan, and waits for its word.</summary>
    private static void Tell(ContainerRecord container, ContainerBundle bundle, ContainerRuntimeState runtime)
    {
        var reply = bundle.Network + MonitorNetwork.ReplySuffix;
        File.Delete(reply);
        using var monitor = Pidfd.Open(runtime.MonitorPid, runtime.MonitorStartTime);
        if (monitor is null || !monitor.SendSignal(Hangup))
        {
            return;
        }

        var deadline = Environment.TickCount64 + (long)ReplyWait.TotalMilliseconds;
        while (!File.Exists(reply))
        {
            // A monitor that ends takes everything away; there is nothing left to follow the plan.
            if (Poll.IsReadable(monitor.Handle, 1))
            {
                return;
            }

            if (Environment.TickCount64 > deadline)
            {
                throw new ContainerToolsException(
                    ErrorKind.Timeout, "MonitorSilent", $"The monitor of container '{container.Name}' has not followed the change of its networks within {ReplyWait.TotalSeconds:0} s.", container.Name, $"Restart the container: Restart-Container {container.Name}.");
            }
        }

        if (JsonSerializer.Deserialize(File.ReadAllBytes(reply), MonitoringJson.Default.MonitorEvent) is { Kind: "error" } error)
        {
            throw ContainerStart.ToError(error, container.Name, []);
        }
    }

    /// <summary>Takes ports of the host for a container that is to publish these. See <see cref="INetworkOperations.Publish"/> for what it throws.</summary>
    public void Claim(ContainerRecord container, IEnumerable<string> exposed) => _ = ClaimPorts(container, exposed, PlansOf(container.Id), _ports.Of(container.Id));

    /// <summary>The ports that a container has taken.</summary>
    public IReadOnlyList<HostPort> PortsOf(string containerId) => _ports.Of(containerId);

    /// <summary>Gives a container the ports back that it had a moment ago.</summary>
    public void Reclaim(string containerId, IReadOnlyList<HostPort> ports) => _ = _ports.Claim(containerId, ports, owner => NameIfRunning(owner) is not null);

    private static PortPlan Rules(IReadOnlyList<EndpointPlan> plans, IReadOnlyList<HostPort> ports) => PublishingOf(plans) is { } publishing
        ? PortPlan.Of(ports, publishing.Endpoint.IPv4, publishing.Endpoint.IPv6, publishing.Network.Spec.GatewayMode == GatewayMode.Routed)
        : new PortPlan([], [], []);

    private static void WritePlan(ContainerBundle bundle, MonitorNetwork plan)
    {
        // The monitor may read at any time, so it is replaced as a whole.
        var temporary = bundle.Network + ".new";
        File.WriteAllBytes(temporary, plan.ToJson());
        File.Move(temporary, bundle.Network, overwrite: true);
    }

    private void Relink(IReadOnlyList<EndpointPlan> before, IReadOnlyList<EndpointPlan> after, Dictionary<string, int> bridges, NetworkNamespace own, NetlinkSocket inside)
    {
        foreach (var plan in before.ExceptBy(after.Select(plan => plan.Network.Id), plan => plan.Network.Id))
        {
            EndpointLinks.Disconnect(plan.InterfaceName, inside);
        }

        var gateway = after.FirstOrDefault(plan => plan.HasDefaultRoute);
        var moved = before.FirstOrDefault(plan => plan.HasDefaultRoute)?.Network.Id != gateway?.Network.Id;
        if (moved)
        {
            foreach (var route in inside.GetRoutes().Where(route => route.Destination.PrefixLength == 0))
            {
                _ = inside.TryExecute(RouteRequest.Delete(route));
            }
        }

        foreach (var plan in after.ExceptBy(before.Select(plan => plan.Network.Id), plan => plan.Network.Id))
        {
            try
            {
                _links.Connect(plan, own, inside, inside.GetLinks().Max(link => link.Index) + 1, bridges[plan.Network.Id]);
            }
            catch
            {
                EndpointLinks.Disconnect(plan.InterfaceName, inside);
                throw;
            }
        }

        if (moved && gateway is not null && before.Any(plan => plan.Network.Id == gateway.Network.Id))
        {
            var link = inside.FindLink(gateway.InterfaceName)!;
            inside.Execute([.. EndpointLinks.DefaultRoutes(gateway, link.Index)]);
        }
    }

    private void ChangeRules(EndpointPlan? publishingBefore, PortPlan before, EndpointPlan? publishingAfter, PortPlan after)
    {
        if (publishingBefore is not null && publishingBefore.Network.Id != publishingAfter?.Network.Id && before.Rules.Count > 0)
        {
            _fabric.ChangeRules(publishingBefore.Network, before.Rules, []);
        }

        if (publishingAfter is not null)
        {
            var same = publishingBefore?.Network.Id == publishingAfter.Network.Id;
            _fabric.ChangeRules(publishingAfter.Network, same ? before.Rules : [], after.Rules);
        }
    }
}
