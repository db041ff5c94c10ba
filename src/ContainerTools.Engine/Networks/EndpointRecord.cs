using System.Net;
using System.Net.NetworkInformation;

namespace ContainerTools.Engine.Networks;

/// <summary>A container's place on a network: one address of each of the network's subnets.</summary>
internal sealed record EndpointRecord(string NetworkId, string ContainerId, PhysicalAddress MacAddress, IReadOnlyList<IPAddress> Addresses);
