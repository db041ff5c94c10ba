using System.Globalization;

namespace ContainerTools.Api.Networks;

/// <summary>A container as a network lists it, in the API's words.</summary>
internal sealed record NetworkContainer(string Name, string EndpointID, string MacAddress, string IPv4Address, string IPv6Address)
{
    public static NetworkContainer From(NetworkEndpoint endpoint, ContainerNetwork network) => new(
        endpoint.Container, EndpointSettings.IdOf(endpoint), endpoint.MacAddress, WithPrefix(network, endpoint.IPAddress), WithPrefix(network, endpoint.IPv6Address));

    private static string WithPrefix(ContainerNetwork network, string? address) =>
        EndpointSettings.SubnetOf(network, address) is { } subnet ? string.Create(CultureInfo.InvariantCulture, $"{address}/{subnet.PrefixLength}") : address ?? "";
}
