using ContainerTools.Engine.Containers;

namespace ContainerTools.Engine.Networks;

/// <summary>Networks of one store: <see cref="INetworkOperations"/> over rows, links and rules.</summary>
internal sealed partial class NetworkOperations(ContainerContext context, ContainerNetworks networks) : INetworkOperations
{
    public IReadOnlyList<ContainerNetwork> List() => [.. networks.Store.List().Select(Look())];

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

    private ContainerNetwork Snapshot(NetworkRecord network) => Look()(network);

    // Everything is read once, for however many networks; a container's state when the first of its networks is looked at.
    private Func<NetworkRecord, ContainerNetwork> Look()
    {
        var endpoints = networks.Store.Endpoints().ToLookup(endpoint => endpoint.NetworkId);
        var containers = context.Store.List().ToDictionary(container => container.Id);
        var counters = networks.Counters();
        var view = networks.View();
        var known = new Dictionary<string, IReadOnlyList<NetworkEndpoint>>();
        return network => Snapshot(network, endpoints[network.Id], containers, EndpointsOf);

        IReadOnlyList<NetworkEndpoint> EndpointsOf(ContainerRecord container) => known.TryGetValue(container.Id, out var found)
            ? found
            : known[container.Id] = networks.Snapshots(container, ContainerStatus.Of(context.BundleOf(container.Id)).IsRunning, counters, view);
    }

    private static ContainerNetwork Snapshot(
        NetworkRecord network, IEnumerable<EndpointRecord> endpoints, Dictionary<string, ContainerRecord> containers, Func<ContainerRecord, IReadOnlyList<NetworkEndpoint>> endpointsOf)
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
            Endpoint = [.. members.Where(member => containers.ContainsKey(member.ContainerId)).Select(member => endpointsOf(containers[member.ContainerId]).First(endpoint => endpoint.NetworkId == network.Id))
                .OrderBy(endpoint => endpoint.Container, StringComparer.Ordinal)],
            InterfaceName = network.Upon ?? network.Bridge,
            Vlan = network.Spec.Vlan,
            Vrf = network.Spec.Vrf,
            Internal = network.Spec.Internal,
            Icc = network.Spec.Icc,
            AddressesInUse = members.Sum(member => member.Addresses.Count),
            Created = network.Created,
            Labels = network.Spec.Labels,
            Spec = network.Spec,
        };
    }
}
