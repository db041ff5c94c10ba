using System.Globalization;

namespace ContainerTools.Api.Networks;

/// <summary>A network, as <c>GET /networks</c> and <c>GET /networks/{id}</c> give it, in the API's words.</summary>
internal sealed record NetworkResource
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    public required string Created { get; init; }

    public string Scope { get; init; } = "local";

    public required string Driver { get; init; }

    public bool EnableIPv4 { get; init; }

    public bool EnableIPv6 { get; init; }

    public required NetworkIpam IPAM { get; init; }

    public bool Internal { get; init; }

    public bool Attachable { get; init; }

    public bool Ingress { get; init; }

    public NetworkConfigFrom ConfigFrom { get; init; } = new("");

    public bool ConfigOnly { get; init; }

    public required IReadOnlyDictionary<string, NetworkContainer> Containers { get; init; }

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public static NetworkResource From(ContainerNetwork network) => new()
    {
        Name = network.Name,
        Id = network.Id,
        Created = network.Created.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        Driver = network.Driver.ToString().ToLowerInvariant(),
        EnableIPv4 = network.Subnet.Any(subnet => !IsIPv6(subnet)),
        EnableIPv6 = network.Subnet.Any(IsIPv6),
        IPAM = NetworkIpam.From(network),
        Internal = network.Internal,
        Containers = network.Endpoint.Where(endpoint => endpoint.Active).ToDictionary(endpoint => endpoint.ContainerId, endpoint => NetworkContainer.From(endpoint, network)),
        Options = OptionsOf(network),
        Labels = network.Labels,
    };

    private static bool IsIPv6(NetworkSubnet subnet) => subnet.Subnet.Contains(':', StringComparison.Ordinal);

    private static Dictionary<string, string> OptionsOf(ContainerNetwork network)
    {
        var spec = network.Spec;
        var options = new Dictionary<string, string>();
        if (spec.Mtu is { } mtu)
        {
            options["com.docker.network.driver.mtu"] = mtu.ToString(CultureInfo.InvariantCulture);
        }

        switch (network.Driver)
        {
            case NetworkDriver.Bridge:
                options["com.docker.network.bridge.name"] = network.InterfaceName ?? "";
                options["com.docker.network.bridge.enable_icc"] = network.Icc ? "true" : "false";
                options["com.docker.network.bridge.gateway_mode_ipv4"] = Word(spec.GatewayMode);
                if (spec.Vlan is { } vlan)
                {
                    options["vlan"] = vlan.ToString(CultureInfo.InvariantCulture);
                }

                if (spec.Vrf is { } vrf)
                {
                    options["vrf"] = vrf;
                }

                break;
            case NetworkDriver.Macvlan:
                options["parent"] = network.InterfaceName ?? "";
                options["macvlan_mode"] = Word(spec.MacvlanMode);
                break;
            default:
                options["parent"] = network.InterfaceName ?? "";
                options["ipvlan_mode"] = Word(spec.IpvlanMode);
                break;
        }

        return options;
    }

    private static string Word(Enum mode) => mode is GatewayMode.NatUnprotected ? "nat-unprotected" : mode.ToString().ToLowerInvariant();
}
