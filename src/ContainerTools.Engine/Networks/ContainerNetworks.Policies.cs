using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks.Links;
using ContainerTools.Engine.Networks.Policies;
using ContainerTools.Linux;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks;

/// <content>Policies: whom they are about changes as containers come and go.</content>
internal sealed partial class ContainerNetworks
{
    /// <summary>Brings the rules of policies, and the ways between containers that they see, up to date; nothing happens where there are no policies and were none.</summary>
    public void ApplyPolicies()
    {
        var policies = Policies.List();
        if (policies.Count == 0 && !File.Exists(_paths.NetworkPolicies))
        {
            return;
        }

        NetworkErrors.Translate("Network policies cannot be applied", null, () =>
        {
            using (NetworkLock.Take(_paths.NetworkLock))
            {
                var before = PolicyState.Read(_paths.NetworkPolicies);
                var after = PlanPolicies(policies);
                if (!before.IsSameAs(after))
                {
                    Apply(before, after);
                }
            }

            return true;
        });
    }

    /// <summary>Ids of networks whose containers talk by the host.</summary>
    private HashSet<string> ByHost() => [.. PolicyState.Read(_paths.NetworkPolicies).ByHost];

    private void Apply(PolicyState before, PolicyState after)
    {
        var networks = Store.List().Where(network => network.IsBridge && _bridges.Find(network) is not null).ToList();
        var changed = networks.Where(network => before.ByHost.Contains(network.Id) != after.ByHost.Contains(network.Id)).ToList();

        // Containers of a network that talk by the host from now on must find the rules there; those that do no longer are let go first.
        if (_rules.AreEstablished)
        {
            _rules.Change(
                PolicyPlanner.ToFirewall(before) with { Networks = [.. changed.Select(network => NetworkRules.ToFirewall(network, null, before.ByHost.Contains(network.Id)))] },
                PolicyPlanner.ToFirewall(after) with { Networks = [.. changed.Select(network => NetworkRules.ToFirewall(network, null, after.ByHost.Contains(network.Id)))] });
        }

        if (after.IsSameAs(PolicyState.Empty))
        {
            File.Delete(_paths.NetworkPolicies);
        }
        else
        {
            after.Write(_paths.NetworkPolicies);
        }

        foreach (var network in changed)
        {
            foreach (var endpoint in Store.EndpointsOf(network))
            {
                Redirect(endpoint.ContainerId, network, after.ByHost.Contains(network.Id));
            }
        }
    }

    private void Redirect(string containerId, NetworkRecord network, bool byHost)
    {
        using var own = _namespaces.TryOpen(containerId);
        if (own is null || !File.Exists(BundleOf(containerId).Network) || PlansOf(containerId).FirstOrDefault(plan => plan.Network.Id == network.Id) is not { } plan)
        {
            return;
        }

        try
        {
            using var inside = NetlinkSocket.Open(own);
            _links.Redirect(plan with { ByHost = byHost }, inside);
        }
        catch (LinuxException error) when (error.Errno is LinuxError.NoDevice or LinuxError.NotFound or LinuxError.InvalidArgument)
        {
            // The container's end, or its disconnection, came in between.
        }
    }

    private PolicyState PlanPolicies(IReadOnlyList<NetworkPolicy> policies)
    {
        var networks = Store.List().Where(network => network.IsBridge).ToDictionary(network => network.Id);
        var containers = _containers.List().ToDictionary(container => container.Id);
        var members = Store.Endpoints().Where(endpoint => networks.ContainsKey(endpoint.NetworkId) && containers.ContainsKey(endpoint.ContainerId)).Select(endpoint => new PolicyMember(
            endpoint.NetworkId,
            networks[endpoint.NetworkId].Name,
            [.. endpoint.Addresses.Select(address => address.ToString())],
            _labelsOf(containers[endpoint.ContainerId])));

        // A RUN step has no labels, but it is on its network like everybody there.
        var steps = Store.Leases().Where(lease => networks.ContainsKey(lease.NetworkId)).Select(lease => new PolicyMember(
            lease.NetworkId, networks[lease.NetworkId].Name, [lease.Address], new Dictionary<string, string>()));
        return PolicyPlanner.Plan(policies, [.. members, .. steps], [.. networks.Values.Select(network => (network.Id, network.Name))]);
    }
}
