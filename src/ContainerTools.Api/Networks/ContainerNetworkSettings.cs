namespace ContainerTools.Api.Networks;

/// <summary>The networks of a container, by name, in the API's words.</summary>
internal sealed record ContainerNetworkSettings(IReadOnlyDictionary<string, EndpointSettings> Networks)
{
    public static ContainerNetworkSettings Of(Container container, IReadOnlyList<ContainerNetwork> networks) => new(container.Endpoint.ToDictionary(
        endpoint => endpoint.Network,
        endpoint => EndpointSettings.From(endpoint, networks.FirstOrDefault(network => network.Id == endpoint.NetworkId))));
}
