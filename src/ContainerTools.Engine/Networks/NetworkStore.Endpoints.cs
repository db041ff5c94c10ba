using System.Net;
using System.Net.NetworkInformation;
using System.Text.Json;
using ContainerTools.Engine.Networks.Addresses;
using ContainerTools.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Networks;

/// <content>Who is on a network, and with which addresses.</content>
internal sealed partial class NetworkStore
{
    /// <summary>The network's endpoints.</summary>
    public IReadOnlyList<EndpointRecord> EndpointsOf(NetworkRecord network) => catalog.Read(connection => Endpoints(connection, "network_id = $it", network.Id));

    /// <summary>All endpoints of the store.</summary>
    public IReadOnlyList<EndpointRecord> Endpoints() => catalog.Read(connection => Endpoints(connection, "1 = 1", ""));

    /// <summary>The endpoints of a container, which keeps them while it is stopped.</summary>
    public IReadOnlyList<EndpointRecord> EndpointsOf(string containerId) => catalog.Read(connection => Endpoints(connection, "container_id = $it", containerId));

    /// <summary>
    /// Connects a container: leases one address of each subnet. Throws <c>NetworkNotFound</c>, <c>ContainerNotFound</c>, <c>AlreadyConnected</c>, <c>AddressNotAssignable</c>, <c>AddressInUse</c>,
    /// <c>NetworkFull</c>, <c>MacAddressInUse</c>, <c>MacAddressNotAssignable</c>, <c>InterfaceNameInUse</c>.
    /// </summary>
    /// <param name="containerId">Id of an existing container.</param>
    /// <param name="attachment">Network, and addresses asked for.</param>
    public EndpointRecord Connect(string containerId, NetworkAttachment attachment) => catalog.Write(connection =>
    {
        var wanted = AttachmentRules.Addresses(attachment);
        var mac = attachment.MacAddress is { } text ? MacAddresses.Parse(text) : null;
        var record = Get(connection, attachment.Name);
        _ = connection.Scalar<string>("SELECT id FROM containers WHERE id = $id", ("$id", containerId)) ?? throw Containers.ContainerStore.NotFound(containerId);
        if (Endpoints(connection, "network_id = $it AND container_id = $container", record.Id, containerId).Count > 0)
        {
            throw new ContainerToolsException(
                ErrorKind.AlreadyExists, "AlreadyConnected", $"The container {containerId[..12]} is connected to the network '{record.Name}' already.", record.Name);
        }

        if (mac is not null && !record.HasHardwareAddresses)
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "MacAddressNotAssignable", $"Containers of the network '{record.Name}' have the hardware address of its parent link, {record.Upon}.", attachment.MacAddress, "Ask for none.");
        }

        var taken = Taken(connection, record);
        var asked = wanted.ToLookup(address => AddressAllocation.Require(record.Subnets, address, taken, record.Name));
        if (asked.FirstOrDefault(group => group.Count() > 1) is { } several)
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "AddressNotAssignable", $"Of the subnet {several.Key} a container has one address, not {string.Join(" and ", several)}.", several.Key.ToString());
        }

        var named = attachment with { InterfaceName = InterfaceName(connection, containerId, attachment.InterfaceName) };
        var addresses = record.Subnets.Select((subnet, position) => asked[subnet].FirstOrDefault() ?? Next(connection, record, position, taken)).ToList();
        var hardware = mac ?? MacAddresses.For(addresses.Count > 0 ? addresses[0] : null);
        if (connection.Scalar<string>("SELECT container_id FROM network_endpoints WHERE network_id = $network AND mac = $mac", ("$network", record.Id), ("$mac", hardware.ToString())) is { } owner)
        {
            throw new ContainerToolsException(
                ErrorKind.Conflict, "MacAddressInUse", $"The container {owner[..12]} has the hardware address {hardware} on the network '{record.Name}'.", hardware.ToString());
        }

        connection.Execute(
            "INSERT INTO network_endpoints (network_id, container_id, mac, attachment) VALUES ($network, $container, $mac, $attachment)",
            ("$network", record.Id), ("$container", containerId), ("$mac", hardware.ToString()), ("$attachment", JsonSerializer.Serialize(named, NetworkJson.Default.NetworkAttachment)));
        foreach (var address in addresses)
        {
            connection.Execute(
                "INSERT INTO network_addresses (network_id, address, container_id) VALUES ($network, $address, $container)",
                ("$network", record.Id), ("$address", address.ToString()), ("$container", containerId));
        }

        return new EndpointRecord(record.Id, containerId, hardware, addresses, named);
    });

    /// <summary>Gives a container's addresses back; false when it was not connected.</summary>
    public bool Disconnect(NetworkRecord network, string containerId) => catalog.WriteFreeing(connection => connection.Execute(
        "DELETE FROM network_endpoints WHERE network_id = $network AND container_id = $container", ("$network", network.Id), ("$container", containerId))) > 0;

    // Chosen once and for all, so that a link keeps its name whatever other networks come and go.
    private static string InterfaceName(SqliteConnection connection, string containerId, string? wanted)
    {
        var taken = Endpoints(connection, "container_id = $it", containerId).Select(endpoint => endpoint.Attachment.InterfaceName).ToHashSet();
        if (wanted is null)
        {
            return Enumerable.Range(0, taken.Count + 1).Select(number => FormattableString.Invariant($"eth{number}")).First(name => !taken.Contains(name));
        }

        return taken.Contains(wanted)
            ? throw new ContainerToolsException(ErrorKind.Conflict, "InterfaceNameInUse", $"The container {containerId[..12]} has a link '{wanted}' already.", wanted, "Choose another name, or leave it out.")
            : wanted;
    }

    private static IPAddress Next(SqliteConnection connection, NetworkRecord network, int position, IReadOnlySet<IPAddress> taken)
    {
        var last = connection.Scalar<string>(
            "SELECT last_address FROM network_subnets WHERE network_id = $network AND position = $position", ("$network", network.Id), ("$position", position));
        var address = AddressAllocation.Next(network.Subnets[position], taken, last is null ? null : IPAddress.Parse(last)) ?? throw new ContainerToolsException(
            ErrorKind.ResourceExhausted,
            "NetworkFull",
            $"The network '{network.Name}' has no free address left in {network.Subnets[position].Range}.",
            network.Name,
            "Remove containers that are not needed any more, or make a network with a larger subnet.");
        connection.Execute(
            "UPDATE network_subnets SET last_address = $last WHERE network_id = $network AND position = $position",
            ("$last", address.ToString()), ("$network", network.Id), ("$position", position));
        return address;
    }

    private static List<EndpointRecord> Endpoints(SqliteConnection connection, string condition, string it, string? containerId = null)
    {
        var addresses = connection.Query(
                $"SELECT network_id, container_id, address FROM network_addresses WHERE {condition} ORDER BY rowid",
                row => (Endpoint: (row.GetString(0), row.GetString(1)), Address: IPAddress.Parse(row.GetString(2))),
                ("$it", it), ("$container", containerId))
            .ToLookup(row => row.Endpoint, row => row.Address);
        return connection.Query(
            $"SELECT network_id, container_id, mac, attachment FROM network_endpoints WHERE {condition} ORDER BY rowid",
            row => new EndpointRecord(
                row.GetString(0),
                row.GetString(1),
                PhysicalAddress.Parse(row.GetString(2)),
                [.. addresses[(row.GetString(0), row.GetString(1))]],
                JsonSerializer.Deserialize(row.GetString(3), NetworkJson.Default.NetworkAttachment)!),
            ("$it", it), ("$container", containerId));
    }
}
