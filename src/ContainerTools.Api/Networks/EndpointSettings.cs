using System.Security.Cryptography;
using System.Text;

namespace ContainerTools.Api.Networks;

/// <summary>A container's place on a network, in the API's words.</summary>
internal sealed record EndpointSettings
{
    public required string NetworkID { get; init; }

    public required string EndpointID { get; init; }

    public required string Gateway { get; init; }

    public required string IPAddress { get; init; }

    public int IPPrefixLen { get; init; }

    public required string IPv6Gateway { get; init; }

    public required string GlobalIPv6Address { get; init; }

    public int GlobalIPv6PrefixLen { get; init; }

    public required string MacAddress { get; init; }

    public required IReadOnlyList<string> Aliases { get; init; }

    public required IReadOnlyList<string> DNSNames { get; init; }

    /// <summary>Of a container that does not run the API gives no addresses.</summary>
    public static EndpointSettings From(NetworkEndpoint endpoint, ContainerNetwork? network)
    {
        var shown = endpoint.Active ? endpoint : endpoint with { IPAddress = null, IPv6Address = null, MacAddress = "" };
        var ipv4 = SubnetOf(network, shown.IPAddress);
        var ipv6 = SubnetOf(network, shown.IPv6Address);
        return new EndpointSettings
        {
            NetworkID = endpoint.NetworkId,
            EndpointID = endpoint.Active ? IdOf(endpoint) : "",
            Gateway = ipv4?.Gateway ?? "",
            IPAddress = shown.IPAddress ?? "",
            IPPrefixLen = ipv4?.PrefixLength ?? 0,
            IPv6Gateway = ipv6?.Gateway ?? "",
            GlobalIPv6Address = shown.IPv6Address ?? "",
            GlobalIPv6PrefixLen = ipv6?.PrefixLength ?? 0,
            MacAddress = shown.MacAddress,
            Aliases = endpoint.Alias,
            DNSNames = [endpoint.Container, .. endpoint.Alias, endpoint.ContainerId[..12]],
        };
    }

    /// <summary>An id that the API wants and the engine has not: the same for the same container on the same network.</summary>
    public static string IdOf(NetworkEndpoint endpoint) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{endpoint.NetworkId}/{endpoint.ContainerId}")));

    public static NetworkSubnet? SubnetOf(ContainerNetwork? network, string? address) =>
        address is null ? null : network?.Subnet.FirstOrDefault(subnet => subnet.Contains(address));
}
