using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ContainerTools.Engine.Networks;

/// <summary>A container's place on a network: one address of each of the network's subnets, and how it was asked for.</summary>
internal sealed record EndpointRecord(string NetworkId, string ContainerId, PhysicalAddress MacAddress, IReadOnlyList<IPAddress> Addresses, NetworkAttachment Attachment)
{
    public IPAddress? IPv4 => Addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork);

    public IPAddress? IPv6 => Addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetworkV6);
}
