using ContainerTools.Engine.Networks.Links;
using ContainerTools.Engine.Networks.Ports;

namespace ContainerTools.Engine.Networks;

/// <summary>Networks, endpoints and ports of containers at one moment, for making snapshots of many.</summary>
internal sealed record NetworkView(IReadOnlyDictionary<string, NetworkRecord> Networks, ILookup<string, EndpointRecord> Endpoints, ILookup<string, HostPort> Ports)
{
    private static readonly HashSet<string> None = [];

    /// <summary>How a container's endpoints are connected, the most important first.</summary>
    public IReadOnlyList<EndpointPlan> PlansOf(string containerId) =>
        EndpointPlan.Of(containerId, [.. Endpoints[containerId].Where(endpoint => Networks.ContainsKey(endpoint.NetworkId)).Select(endpoint => (Networks[endpoint.NetworkId], endpoint))], None);
}
