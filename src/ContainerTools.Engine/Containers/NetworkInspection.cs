using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ContainerTools.Engine.Networks;
using ContainerTools.Engine.Networks.Addresses;

namespace ContainerTools.Engine.Containers;

/// <summary>Ports and networks of a container in the JSON that <c>docker inspect</c> users know, which has no ranges.</summary>
internal static class NetworkInspection
{
    /// <summary>What a port on all addresses is: one of IPv4, one of IPv6.</summary>
    private static readonly string[] All = ["0.0.0.0", "::"];

    /// <summary>The ports asked for.</summary>
    public static JsonObject Bindings(IReadOnlyList<PortMapping> ports) =>
        Map(ports, (port, offset) => [Binding(port.HostAddress ?? "", port.HostPort == 0 ? "" : Number(port.HostPort + offset))]);

    /// <summary>Ports that lead to the container, and its places on networks; addresses while it runs.</summary>
    public static JsonObject Settings(Container container, IReadOnlyDictionary<string, NetworkRecord> networks)
    {
        var isRunning = container.State is ContainerState.Running or ContainerState.Paused;
        var settings = new JsonObject
        {
            ["Ports"] = Map(isRunning ? container.Port : [], (port, offset) =>
                [.. (port.HostAddress is { } one ? [one] : All).Select(address => (JsonNode?)Binding(address, Number(port.HostPort + offset)))]),
            ["Networks"] = new JsonObject(container.Endpoint.Select(endpoint => KeyValuePair.Create(endpoint.Network, (JsonNode?)Endpoint(endpoint, networks)))),
        };

        // Older clients look for the addresses on the first network here.
        if (container.Endpoint is [var first, ..])
        {
            foreach (var (name, value) in Addresses(first, networks))
            {
                settings[name] = value?.DeepClone();
            }
        }

        return settings;
    }

    private static JsonObject Endpoint(NetworkEndpoint endpoint, IReadOnlyDictionary<string, NetworkRecord> networks)
    {
        var settings = Addresses(endpoint, networks);
        settings["NetworkID"] = endpoint.NetworkId;
        settings["Aliases"] = new JsonArray([.. endpoint.Alias.Select(alias => (JsonNode?)alias)]);
        settings["DNSNames"] = new JsonArray([endpoint.Container, .. endpoint.Alias.Select(alias => (JsonNode?)alias), endpoint.ContainerId[..12]]);
        return settings;
    }

    private static JsonObject Addresses(NetworkEndpoint endpoint, IReadOnlyDictionary<string, NetworkRecord> networks)
    {
        var (ipv4, ipv6) = endpoint.Active ? (endpoint.IPAddress, endpoint.IPv6Address) : (null, null);
        var (subnet4, subnet6) = (SubnetOf(endpoint, ipv4, networks), SubnetOf(endpoint, ipv6, networks));
        return new JsonObject
        {
            ["Gateway"] = subnet4?.Gateway.ToString() ?? "",
            ["IPAddress"] = ipv4 ?? "",
            ["IPPrefixLen"] = subnet4?.Network.PrefixLength ?? 0,
            ["IPv6Gateway"] = subnet6?.Gateway.ToString() ?? "",
            ["GlobalIPv6Address"] = ipv6 ?? "",
            ["GlobalIPv6PrefixLen"] = subnet6?.Network.PrefixLength ?? 0,
            ["MacAddress"] = endpoint.Active ? endpoint.MacAddress : "",
        };
    }

    private static Subnet? SubnetOf(NetworkEndpoint endpoint, string? address, IReadOnlyDictionary<string, NetworkRecord> networks) =>
        address is null ? null : networks.GetValueOrDefault(endpoint.NetworkId)?.Subnets.FirstOrDefault(subnet => subnet.Network.Contains(IPAddress.Parse(address)));

    private static JsonObject Map(IReadOnlyList<PortMapping> ports, Func<PortMapping, int, JsonNode?[]> bindings)
    {
        var map = new JsonObject();
        foreach (var (port, offset) in ports.SelectMany(port => Enumerable.Range(0, port.Count).Select(offset => (port, offset))))
        {
            var key = $"{Number(port.ContainerPort + offset)}/{port.Protocol.ToString().ToLowerInvariant()}";
            var known = map[key] as JsonArray ?? [];
            map[key] ??= known;
            foreach (var binding in bindings(port, offset))
            {
                known.Add(binding);
            }
        }

        return map;
    }

    private static JsonObject Binding(string address, string port) => new() { ["HostIp"] = address, ["HostPort"] = port };

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}
