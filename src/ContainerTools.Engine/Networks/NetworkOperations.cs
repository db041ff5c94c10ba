using ContainerTools.Engine.Containers;

namespace ContainerTools.Engine.Networks;

/// <summary>Networks of one store: <see cref="INetworkOperations"/> over rows, links and rules.</summary>
internal sealed partial class NetworkOperations(ContainerContext context, ContainerNetworks networks) : INetworkOperations
{
    public IReadOnlyList<ContainerNetwork> List()
    {
        var endpoints = networks.Store.Endpoints().ToLookup(endpoint => endpoint.NetworkId);
        var containers = context.Store.List().ToDictionary(container => container.Id);
        var running = new Dictionary<string, IReadOnlyList<NetworkEndpoint>>();
        return [.. networks.Store.List().Select(network => Snapshot(network, endpoints[network.Id], containers, running))];
    }

    public ContainerNetwork Get(string network) => Snapshot(networks.Store.Get(network));

    public ContainerNetwork Create(NetworkSpec spec) => Snapshot(networks.Add(spec));

    public ContainerNetwork Change(string network, NetworkChange change)
    {
        var changed = networks.Store.Change(network, spec =>
        {
            var wanted = spec with { Dns = change.Dns ?? spec.Dns, Labels = change.Labels ?? spec.Labels };
            ContainerNetworks.CheckNameServers(wanted);
            return wanted;
        });
        if (change.Dns is not null)
        {
            foreach (var endpoint in networks.Store.EndpointsOf(changed))
            {
                Update(context.Store.Find(endpoint.ContainerId));
            }
        }

        return Snapshot(changed);
    }

    public void Remove(string network, bool force)
    {
        var record = networks.Store.Get(network);
        foreach (var endpoint in force ? networks.Store.EndpointsOf(record) : [])
        {
            Disconnect(endpoint.ContainerId, record.Id);
        }

        networks.Remove(record.Id);
    }

    public IReadOnlyList<NetworkPolicy> ListPolicies() => networks.Policies.List();

    private ContainerNetwork Snapshot(NetworkRecord network) =>
        Snapshot(network, networks.Store.EndpointsOf(network), context.Store.List().ToDictionary(container => container.Id), []);

    private ContainerNetwork Snapshot(
        NetworkRecord network, IEnumerable<EndpointRecord> endpoints, Dictionary<string, ContainerRecord> containers, Dictionary<string, IReadOnlyList<NetworkEndpoint>> known)
    {
        var members = endpoints.ToList();
        return new ContainerNetwork
        {
            Id = network.Id,
            Name = network.Name,
            Driver = network.Spec.Driver,
            Subnet = [.. network.Subnets.Select(subnet => new NetworkSubnet
            {
                Subnet = subnet.Network.ToString(),
                Gateway = subnet.Gateway.ToString(),
                IPRange = subnet.Range.ToString(),
                ReservedAddress = [.. subnet.Reserved.Select(address => address.ToString())],
                AddressesInUse = members.Count(member => member.Addresses.Any(subnet.Network.Contains)),
            })],
            Endpoint = [.. members.Where(member => containers.ContainsKey(member.ContainerId)).Select(member => Endpoint(containers[member.ContainerId], known).First(endpoint => endpoint.NetworkId == network.Id))
                .OrderBy(endpoint => endpoint.Container, StringComparer.Ordinal)],
            InterfaceName = network.IsBridge ? network.Bridge : network.Spec.Parent,
            Internal = network.Spec.Internal,
            Icc = network.Spec.Icc,
            AddressesInUse = members.Sum(member => member.Addresses.Count),
            Created = network.Created,
            Labels = network.Spec.Labels,
            Spec = network.Spec,
        };
    }

    private IReadOnlyList<NetworkEndpoint> Endpoint(ContainerRecord container, Dictionary<string, IReadOnlyList<NetworkEndpoint>> known)
    {
        if (!known.TryGetValue(container.Id, out var endpoints))
        {
            known[container.Id] = endpoints = networks.Snapshots(container, ContainerStatus.Of(context.BundleOf(container.Id)).IsRunning, withCounters: true);
        }

        return endpoints;
    }
}
