using System.Net;
using System.Net.NetworkInformation;
using ContainerTools.Engine.Networks.Addresses;

namespace ContainerTools.Engine.Networks.Links;

/// <summary>How one endpoint of a container is to be connected: everything decided, nothing done.</summary>
/// <param name="Network">The network.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="InterfaceName">Name of the link inside.</param>
/// <param name="HostInterfaceName">Name of the link's other end on the host (bridge), or of the link while it is made: unique on the host.</param>
/// <param name="HasDefaultRoute">Whether the default routes lead by this network.</param>
/// <param name="ByHost">Whether containers of the network reach one another only by way of the host, where policies judge them.</param>
internal sealed record EndpointPlan(NetworkRecord Network, EndpointRecord Endpoint, string InterfaceName, string HostInterfaceName, bool HasDefaultRoute, bool ByHost)
{
    public PhysicalAddress MacAddress => Endpoint.MacAddress;

    /// <summary>The addresses with the subnets they are of.</summary>
    public IEnumerable<(IPAddress Address, Subnet Subnet)> Addresses =>
        Endpoint.Addresses.Select(address => (address, Network.Subnets.First(subnet => subnet.Network.Contains(address))));

    /// <summary>Plans the endpoints of one container, the most important network first.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="endpoints">Its endpoints with their networks, in the order in which they were connected.</param>
    /// <param name="byHost">Ids of networks whose containers reach one another only by way of the host.</param>
    public static IReadOnlyList<EndpointPlan> Of(string containerId, IReadOnlyList<(NetworkRecord Network, EndpointRecord Endpoint)> endpoints, IReadOnlySet<string> byHost)
    {
        var ordered = endpoints.OrderByDescending(item => item.Endpoint.Attachment.Priority).ToList();
        var gateway = ordered.FindIndex(item => HasGateway(item.Network.Spec));
        return
        [
            .. ordered.Select((item, index) => new EndpointPlan(
                item.Network,
                item.Endpoint,
                item.Endpoint.Attachment.InterfaceName!,
                HostName(containerId, item.Network.Id),
                index == gateway,
                byHost.Contains(item.Network.Id))),
        ];
    }

    /// <summary>Whether packets to elsewhere can leave by the network.</summary>
    public static bool HasGateway(NetworkSpec network) => !network.Internal && network.GatewayMode != GatewayMode.Isolated;

    // 15 characters at most (IFNAMSIZ): enough of both ids to be unique among the host's links.
    private static string HostName(string containerId, string networkId) => $"ve{containerId[..9]}{networkId[..4]}";
}
