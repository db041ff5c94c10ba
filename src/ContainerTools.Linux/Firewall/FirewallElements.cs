using System.Net;
using System.Net.Sockets;

namespace ContainerTools.Linux.Firewall;

/// <summary>Turns networks into elements of the sets and maps of <see cref="FirewallTable"/>: all that differs between one host and another.</summary>
internal static class FirewallElements
{
    /// <summary>The elements, each once, of a host that has been validated.</summary>
    public static IEnumerable<FirewallElement> Of(FirewallHost host) => OfFamilies(host).Concat(host.Networks.SelectMany(Of)).Concat(OfPolicies(host)).Distinct();

    /// <summary>Those elements alone that come and go with containers.</summary>
    public static IEnumerable<FirewallElement> OfContainers(FirewallHost host) => host.Networks.SelectMany(OfContainers).Concat(OfPolicies(host)).Distinct();

    private static IEnumerable<FirewallElement> OfPolicies(FirewallHost host)
    {
        var from = host.Policies.SelectMany(policy => policy.From.Select(address => (Set: FirewallPolicy.Set(policy.Id, from: true, Family(address)), address)));
        var to = host.Policies.SelectMany(policy => policy.To.Select(address => (Set: FirewallPolicy.Set(policy.Id, from: false, Family(address)), address)));
        var inbound = host.DeniedInbound.Select(address => (Set: $"denied_inbound_{Family(address)}", address));
        var outbound = host.DeniedOutbound.Select(address => (Set: $"denied_outbound_{Family(address)}", address));
        return from.Concat(to).Concat(inbound).Concat(outbound).Select(element => FirewallElement.Of(element.Set, FirewallField.Address(element.address)));
    }

    private static IEnumerable<FirewallElement> OfFamilies(FirewallHost host)
    {
        if (host.ForwardsIPv4ForContainersOnly)
        {
            yield return FirewallElement.Of("for_containers_only", FirewallField.Family(AddressFamily.InterNetwork));
        }

        if (host.ForwardsIPv6ForContainersOnly)
        {
            yield return FirewallElement.Of("for_containers_only", FirewallField.Family(AddressFamily.InterNetworkV6));
        }
    }

    private static IEnumerable<FirewallElement> Of(FirewallNetwork network)
    {
        var bridge = FirewallField.Interface(network.Bridge);
        yield return FirewallElement.Of("bridges", bridge);
        if (network.Internal || network.GatewayMode == FirewallGatewayMode.Isolated)
        {
            yield return FirewallElement.Of("internal_bridges", bridge);
        }

        if (SetOf(network.GatewayMode) is { } set)
        {
            yield return FirewallElement.Of(set, bridge);
        }

        if (network.ContainersReachOneAnother)
        {
            yield return FirewallElement.Of(network.ContainersTalkByHost ? "within_network_by_host" : "within_network", bridge, bridge);
        }

        foreach (var subnet in network.Subnets)
        {
            yield return FirewallElement.OfIntervals($"subnets_{Family(subnet.BaseAddress)}", FirewallField.Subnet(subnet), bridge);
            if (network is { Vrf: { } vrf, GatewayMode: not FirewallGatewayMode.Routed })
            {
                // For the translation of sources, which knows the VRF alone.
                yield return FirewallElement.OfIntervals($"subnets_{Family(subnet.BaseAddress)}", FirewallField.Subnet(subnet), FirewallField.Interface(vrf));
            }
        }

        foreach (var element in OfContainers(network))
        {
            yield return element;
        }
    }

    private static string? SetOf(FirewallGatewayMode mode) => mode switch
    {
        FirewallGatewayMode.NatUnprotected => "unprotected_bridges",
        FirewallGatewayMode.Routed => "routed_bridges",
        FirewallGatewayMode.Isolated => "isolated_bridges",
        _ => null,
    };

    private static IEnumerable<FirewallElement> OfContainers(FirewallNetwork network) =>
        (network.GatewayMode == FirewallGatewayMode.Routed ? [] : network.Ports.SelectMany(Published)).Concat(Endpoints(network.Ports)).Concat(EndpointRanges(network.Ports));

    // One element does for a range of ports that stay the same. Where they change, each needs its own: the kernel's NAT to a range of ports takes any port of the
    // range. Single ports are kept apart, because sets of intervals are copied whole by the kernel for every transaction that touches them.
    private static IEnumerable<FirewallElement> Published(PublishedPort port)
    {
        var family = Family(port.HostAddress);
        var anywhere = FirewallValidation.IsAny(port.HostAddress);
        var host = anywhere ? FirewallField.Subnet(new IPNetwork(port.HostAddress, 0)) : FirewallField.Address(port.HostAddress);
        var protocol = FirewallField.Protocol(port.Protocol);
        var container = FirewallField.Address(port.ContainerAddress);
        if (port.Count > 1 && port.HostPort == port.ContainerPort)
        {
            yield return FirewallElement.OfIntervalMap($"published_ranges_{family}", [host, protocol, Ports(port.HostPort, port.Count)], container);
            yield break;
        }

        for (var index = 0; index < port.Count; index++)
        {
            var (from, to) = (Ports(port.HostPort + index, 1), Ports(port.ContainerPort + index, 1));
            yield return anywhere
                ? FirewallElement.OfMap($"published_anywhere_{family}", [protocol, from], container, to)
                : FirewallElement.OfMap($"published_{family}", [host, protocol, from], container, to);
        }
    }

    private static IEnumerable<FirewallElement> Endpoints(IEnumerable<PublishedPort> ports) => ports.Where(port => port.Count == 1).Select(port =>
        FirewallElement.Of($"endpoints_{Family(port.ContainerAddress)}", FirewallField.Address(port.ContainerAddress), FirewallField.Protocol(port.Protocol), Ports(port.ContainerPort, 1)));

    // Two ranges of the host may lead to one of a container. The kernel takes no overlapping intervals, so they are joined.
    private static IEnumerable<FirewallElement> EndpointRanges(IEnumerable<PublishedPort> ports)
    {
        foreach (var group in ports.Where(port => port.Count > 1).GroupBy(port => (port.ContainerAddress, port.Protocol)))
        {
            var (first, last) = (-1, -1);
            foreach (var port in group.OrderBy(port => port.ContainerPort))
            {
                if (first >= 0 && port.ContainerPort > last + 1)
                {
                    yield return EndpointRange(group.Key.ContainerAddress, group.Key.Protocol, first, last);
                    first = -1;
                }

                first = first < 0 ? port.ContainerPort : first;
                last = Math.Max(last, port.ContainerPort + port.Count - 1);
            }

            yield return EndpointRange(group.Key.ContainerAddress, group.Key.Protocol, first, last);
        }
    }

    private static FirewallElement EndpointRange(IPAddress address, TransportProtocol protocol, int first, int last) =>
        FirewallElement.OfIntervals($"endpoint_ranges_{Family(address)}", FirewallField.Address(address), FirewallField.Protocol(protocol), FirewallField.Ports(first, last));

    private static FirewallField Ports(int first, int count) => FirewallField.Ports(first, first + count - 1);

    private static string Family(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4";
}
