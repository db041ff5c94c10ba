using System.Net.NetworkInformation;
using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks.Links;
using ContainerTools.Engine.Networks.Ports;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks;

/// <content>What callers see of endpoints and ports.</content>
internal sealed partial class ContainerNetworks
{
    /// <summary>Everything about the networks of all containers.</summary>
    public NetworkView View() => new(Store.List().ToDictionary(network => network.Id), Store.Endpoints().ToLookup(endpoint => endpoint.ContainerId), _ports.List());

    /// <summary>Everything about the networks of one container.</summary>
    public NetworkView ViewOf(string containerId)
    {
        var endpoints = EndpointsOf(containerId);
        return new(
            endpoints.Select(item => item.Network).ToDictionary(network => network.Id),
            endpoints.Select(item => item.Endpoint).ToLookup(endpoint => endpoint.ContainerId),
            _ports.Of(containerId).ToLookup(_ => containerId));
    }

    /// <summary>Snapshots of a container's endpoints, the most important network first.</summary>
    /// <param name="container">The container.</param>
    /// <param name="isRunning">Whether it runs.</param>
    /// <param name="counters">Where counters are taken from; null leaves them out.</param>
    /// <param name="view">What is known of networks; null looks.</param>
    public IReadOnlyList<NetworkEndpoint> Snapshots(ContainerRecord container, bool isRunning, EndpointCounters? counters = null, NetworkView? view = null)
    {
        var plans = view?.PlansOf(container.Id) ?? PlansOf(container.Id);
        return [.. plans.Select(plan => Snapshot(container, plan, isRunning, isRunning ? counters?.Of(container.Id, plan) : null))];
    }

    /// <summary>Counters of endpoints as they are from now on, each asked for once.</summary>
    public EndpointCounters Counters() => new(_host, _namespaces);

    /// <summary>The ports that a container publishes or has published when it ran last; those of both families are one mapping.</summary>
    public static IReadOnlyList<PortMapping> PortsOf(ContainerRecord container, IReadOnlyList<HostPort> ports) =>
    [
        .. ports
            .Where(port => !(port.IsIPv6 && port.IsAny && ports.Any(other => !other.IsIPv6 && other.IsAny && (other.Protocol, other.Port, other.Count) == (port.Protocol, port.Port, port.Count))))
            .Select(port => new PortMapping
            {
                Container = container.Name,
                HostAddress = port.IsAny && !port.IsIPv6 && ports.Any(other => other.IsIPv6 && other.IsAny && (other.Protocol, other.Port) == (port.Protocol, port.Port)) ? null : port.Address.ToString(),
                HostPort = port.Port,
                ContainerPort = port.ContainerPort,
                Count = port.Count,
                Protocol = port.Protocol,
            }),
    ];

    private static NetworkEndpoint Snapshot(ContainerRecord container, EndpointPlan plan, bool isRunning, LinkStatistics? counters) => new()
    {
        Network = plan.Network.Name,
        NetworkId = plan.Network.Id,
        Container = container.Name,
        ContainerId = container.Id,
        Active = isRunning,
        IPAddress = plan.Endpoint.IPv4?.ToString(),
        IPv6Address = plan.Endpoint.IPv6?.ToString(),
        Address = [.. plan.Endpoint.Addresses.Select(address => address.ToString())],
        MacAddress = plan.Network.HasHardwareAddresses ? Format(plan.MacAddress) : "",
        Alias = plan.Endpoint.Attachment.Alias,
        InterfaceName = plan.InterfaceName,
        HostInterfaceName = plan.Network.IsBridge ? plan.HostInterfaceName : null,
        Priority = plan.Endpoint.Attachment.Priority,
        ReceivedBytes = (long?)counters?.ReceivedBytes,
        SentBytes = (long?)counters?.SentBytes,
        ReceivedPackets = (long?)counters?.ReceivedPackets,
        SentPackets = (long?)counters?.SentPackets,
        DroppedPackets = counters is { } seen ? (long)(seen.ReceivesDropped + seen.SendsDropped + seen.ReceiveErrors + seen.SendErrors) : null,
    };

    private static string Format(PhysicalAddress address) => string.Join(':', address.GetAddressBytes().Select(value => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
