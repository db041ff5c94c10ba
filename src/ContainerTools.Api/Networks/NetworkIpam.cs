namespace ContainerTools.Api.Networks;

/// <summary>Subnets of a network, in the API's words.</summary>
internal sealed record NetworkIpam(IReadOnlyList<NetworkIpamConfig> Config)
{
    public string Driver { get; init; } = "default";

    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    public static NetworkIpam From(ContainerNetwork network) => new([.. network.Subnet.Select(NetworkIpamConfig.From)]);
}
