using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ContainerTools.Linux.Firewall;

/// <summary>Turns networks into elements of the sets and maps of <see cref="FirewallTable"/>: all that differs between one host and another.</summary>
internal static class FirewallElements
{
    /// <summary>The elements, each once, of networks that have been validated.</summary>
    public static IEnumerable<FirewallElement> Of(IReadOnlyList<FirewallNetwork> networks) => networks.SelectMany(Of).Distinct();

    private static IEnumerable<FirewallElement> Of(FirewallNetwork network)
    {
        var bridge = $"\"{network.Bridge}\"";
        yield return new("bridges", bridge);
        if (network.Internal)
        {
            yield return new("internal_bridges", bridge);
        }

        if (network.ContainersReachOneAnother)
        {
            yield return new("within_network", $"{bridge} . {bridge}");
        }

        foreach (var subnet in network.Subnets)
        {
            yield return new($"subnets_{Family(subnet.BaseAddress)}", $"{subnet} . {bridge}");
        }

        foreach (var element in network.Ports.SelectMany(Published).Concat(Endpoints(network.Ports)))
        {
            yield return element;
        }
    }

    // Where the port stays the same, one element does for any number of ports. Where it changes, each needs its own: the kernel's NAT to a range of ports
    // takes any port of the range.
    private static IEnumerable<FirewallElement> Published(PublishedPort port)
    {
        var family = Family(port.HostAddress);
        var host = FirewallValidation.IsAny(port.HostAddress) ? $"{port.HostAddress}/0" : $"{port.HostAddress}";
        if (port.HostPort == port.ContainerPort)
        {
            yield return new($"published_same_port_{family}", $"{host} . {Protocol(port)} . {Range(port.HostPort, port.HostPort + port.Count - 1)} : {port.ContainerAddress}");
            yield break;
        }

        for (var index = 0; index < port.Count; index++)
        {
            yield return new(
                $"published_other_port_{family}",
                FormattableString.Invariant($"{host} . {Protocol(port)} . {port.HostPort + index} : {port.ContainerAddress} . {port.ContainerPort + index}"));
        }
    }

    // Two ports of the host may lead to one of a container. The kernel takes no overlapping intervals, so they are joined.
    private static IEnumerable<FirewallElement> Endpoints(IEnumerable<PublishedPort> ports)
    {
        foreach (var group in ports.GroupBy(port => (port.ContainerAddress, Protocol: Protocol(port))))
        {
            var (first, last) = (-1, -1);
            foreach (var port in group.OrderBy(port => port.ContainerPort))
            {
                if (first >= 0 && port.ContainerPort > last + 1)
                {
                    yield return Endpoint(group.Key.ContainerAddress, group.Key.Protocol, first, last);
                    first = -1;
                }

                first = first < 0 ? port.ContainerPort : first;
                last = Math.Max(last, port.ContainerPort + port.Count - 1);
            }

            yield return Endpoint(group.Key.ContainerAddress, group.Key.Protocol, first, last);
        }
    }

    private static FirewallElement Endpoint(IPAddress address, string protocol, int first, int last) =>
        new($"endpoints_{Family(address)}", $"{address} . {protocol} . {Range(first, last)}");

    private static string Family(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4";

    private static string Protocol(PublishedPort port) => port.Protocol.ToString().ToLowerInvariant();

    private static string Range(int first, int last) =>
        first == last ? first.ToString(CultureInfo.InvariantCulture) : FormattableString.Invariant($"{first}-{last}");
}
