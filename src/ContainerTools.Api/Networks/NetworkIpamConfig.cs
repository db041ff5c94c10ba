using System.Globalization;

namespace ContainerTools.Api.Networks;

/// <summary>A subnet of a network, in the API's words.</summary>
internal sealed record NetworkIpamConfig(string Subnet, string IPRange, string Gateway, IReadOnlyDictionary<string, string> AuxiliaryAddresses)
{
    public static NetworkIpamConfig From(NetworkSubnet subnet) => new(
        subnet.Subnet,
        subnet.IPRange == subnet.Subnet ? "" : subnet.IPRange,
        subnet.Gateway,
        subnet.ReservedAddress.Select((address, index) => (address, index)).ToDictionary(
            reserved => string.Create(CultureInfo.InvariantCulture, $"reserved{reserved.index}"), reserved => reserved.address));
}
