using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ContainerTools.Engine.Networks.Addresses;
using ContainerTools.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Networks;

/// <summary>
/// Networks and their subnets in the catalogue. Knows rows; nothing of links. Thread-safe, and safe among processes: whatever is chosen is chosen and
/// written in one transaction.
/// </summary>
internal sealed partial class NetworkStore(Catalog catalog)
{
    private const string PrefixSetting = "ipv6_prefix";

    /// <summary>All networks, by name.</summary>
    public IReadOnlyList<NetworkRecord> List() => catalog.Read(connection => Find(connection, "1 = 1", ""));

    /// <summary>The network of that name; null when there is none.</summary>
    public NetworkRecord? FindByName(string name) => catalog.Read(connection => Find(connection, "name = $it", name).SingleOrDefault());

    /// <summary>One network by name, id or unique id prefix. Throws <c>NetworkNotFound</c>, <c>NetworkIdAmbiguous</c>.</summary>
    public NetworkRecord Get(string network) => catalog.Read(connection => Get(connection, network));

    /// <summary>
    /// Adds a network. Throws <c>NetworkNameInUse</c>, <c>SubnetInUse</c>, <c>ParentInUse</c>, <c>AddressPoolExhausted</c>, <c>SubnetMissing</c>.
    /// </summary>
    /// <param name="spec">What is asked for; its name is valid.</param>
    /// <param name="subnets">Subnets asked for; when none of IPv4 is, one is chosen.</param>
    /// <param name="withIPv6">Choose an IPv6 subnet too, if none is asked for.</param>
    /// <param name="pools">Where IPv4 subnets are chosen from.</param>
    /// <param name="hostRoutes">Destinations that the host has routes to: a chosen subnet overlaps none of them. One that was asked for may.</param>
    public NetworkRecord Add(NetworkSpec spec, IReadOnlyList<Subnet> subnets, bool withIPv6, IReadOnlyList<SubnetPool> pools, IReadOnlyCollection<IPNetwork> hostRoutes) =>
        catalog.Write(connection =>
        {
            var name = spec.Name;
            if (Find(connection, "name = $it", name).Count > 0)
            {
                throw new ContainerToolsException(
                    ErrorKind.AlreadyExists, "NetworkNameInUse", $"There is a network '{name}' already.", name, $"Choose another name, or remove it (Remove-ContainerNetwork {name}).");
            }

            var existing = Find(connection, "1 = 1", "");
            RequireParent(spec, existing);
            var chosen = subnets.ToList();
            for (var position = 0; position < chosen.Count; position++)
            {
                RequireFree(chosen[position], name, existing, chosen[..position]);
            }

            List<IPNetwork> taken = [.. hostRoutes, .. existing.SelectMany(network => network.Subnets).Concat(chosen).Select(subnet => subnet.Network)];
            if (!chosen.Any(subnet => subnet.Family == System.Net.Sockets.AddressFamily.InterNetwork))
            {
                chosen.Insert(0, SubnetPool.FindFree(pools, taken));
            }

            if (withIPv6 && !chosen.Any(subnet => subnet.Family == System.Net.Sockets.AddressFamily.InterNetworkV6))
            {
                chosen.Add(UniqueLocalAddresses.FindFree(Prefix(connection), taken));
            }

            var record = new NetworkRecord(
                RandomNumberGenerator.GetHexString(64, lowercase: true), DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), spec, chosen);
            Insert(connection, record);
            return record;
        });

    /// <summary>Changes what a network was made with, but not its name. Throws <c>NetworkNotFound</c>.</summary>
    public NetworkRecord Change(string network, Func<NetworkSpec, NetworkSpec> change) => catalog.Write(connection =>
    {
        var record = Get(connection, network);
        var changed = record with { Spec = change(record.Spec) };
        connection.Execute("UPDATE networks SET spec = $spec WHERE id = $id", ("$spec", JsonSerializer.Serialize(changed.Spec, NetworkJson.Default.NetworkSpec)), ("$id", record.Id));
        return changed;
    });

    /// <summary>Removes a network that no container is connected to. Throws <c>NetworkNotFound</c>, <c>NetworkInUse</c>.</summary>
    public NetworkRecord Remove(string network) => catalog.WriteFreeing(connection =>
    {
        var record = Get(connection, network);
        var users = connection.Query(
            "SELECT name FROM containers JOIN network_endpoints ON container_id = id WHERE network_id = $network ORDER BY name", row => row.GetString(0), ("$network", record.Id));
        if (users.Count > 0)
        {
            throw new ContainerToolsException(
                ErrorKind.Conflict,
                "NetworkInUse",
                $"The network '{record.Name}' has containers: {string.Join(", ", users.Take(10))}{(users.Count > 10 ? ", …" : "")}.",
                record.Name,
                "Disconnect or remove them first, or remove it with -Force.");
        }

        if (connection.Scalar<string>("SELECT work_id FROM network_leases WHERE network_id = $network", ("$network", record.Id)) is { } build)
        {
            throw new ContainerToolsException(
                ErrorKind.Conflict, "NetworkInUse", $"A build uses the network '{record.Name}' ({build}).", record.Name, "Wait for its end. If it was cut off, run Repair-ContainerEngine.");
        }

        connection.Execute("DELETE FROM networks WHERE id = $id", ("$id", record.Id));
        return record;
    });

    private static void RequireFree(Subnet subnet, string name, IReadOnlyList<NetworkRecord> existing, IReadOnlyList<Subnet> before)
    {
        var owner = existing.FirstOrDefault(network => network.Subnets.Any(other => other.Network.Overlaps(subnet.Network)))?.Name
            ?? (before.Any(other => other.Network.Overlaps(subnet.Network)) ? name : null);
        if (owner is not null)
        {
            throw new ContainerToolsException(
                ErrorKind.Conflict, "SubnetInUse", $"The subnet {subnet} overlaps one of the network '{owner}'.", subnet.ToString(), "Choose another, or leave -Subnet out and one is chosen.");
        }
    }

    // One driver takes what a link receives (netdev_rx_handler_register). All ipvlans upon a link have one mode: a new one changes that of the others. A macvlan that passes through is alone.
    private static void RequireParent(NetworkSpec spec, IReadOnlyList<NetworkRecord> existing)
    {
        if (NetworkRecord.UponOf(spec) is { } parent && existing.FirstOrDefault(other => other.Upon == parent && !CanShare(spec, other.Spec)) is { } owner)
        {
            throw new ContainerToolsException(
                ErrorKind.Conflict,
                "ParentInUse",
                $"The network '{owner.Name}' is upon the link '{parent}' already. A link carries macvlans or ipvlans, ipvlans of one mode only, and nothing beside a macvlan network of the mode Passthru.",
                parent,
                $"Choose another link or the driver and mode of '{owner.Name}', or remove that network.");
        }
    }

    private static bool CanShare(NetworkSpec one, NetworkSpec other) => one.Driver == other.Driver
        && (one.Driver == NetworkDriver.Ipvlan ? one.IpvlanMode == other.IpvlanMode : one.MacvlanMode != MacvlanMode.Passthru && other.MacvlanMode != MacvlanMode.Passthru);

    private static NetworkRecord Get(SqliteConnection connection, string network)
    {
        var rows = Find(connection, "name = $it OR id = $it", network);
        if (rows.Count == 0 && network.Length is > 0 and < 64 && network.All(char.IsAsciiHexDigitLower))
        {
            rows = Find(connection, "id >= $it AND id < $it || 'g'", network);
        }

        return rows.Count switch
        {
            1 => rows[0],
            0 => throw new ContainerToolsException(
                ErrorKind.NotFound, "NetworkNotFound", $"There is no network '{network}'.", network, "Get-ContainerNetwork lists the networks of this store."),
            _ => rows.SingleOrDefault(row => row.Name == network) ?? throw new ContainerToolsException(
                ErrorKind.InvalidArgument,
                "NetworkIdAmbiguous",
                $"The id prefix '{network}' fits several networks: {string.Join(", ", rows.Select(row => row.Name))}.",
                network,
                "Give more digits of the id, or the name."),
        };
    }

    private static List<NetworkRecord> Find(SqliteConnection connection, string condition, string parameter) => [.. connection
        .Query($"SELECT id, created, spec FROM networks WHERE {condition} ORDER BY name", row => (Id: row.GetString(0), Created: row.GetInt64(1), Spec: row.GetString(2)), ("$it", parameter))
        .Select(row => new NetworkRecord(
            row.Id, DateTimeOffset.FromUnixTimeMilliseconds(row.Created), JsonSerializer.Deserialize(row.Spec, NetworkJson.Default.NetworkSpec)!, Subnets(connection, row.Id)))];

    private static List<Subnet> Subnets(SqliteConnection connection, string networkId) => connection.Query(
        "SELECT subnet, gateway, address_range, reserved FROM network_subnets WHERE network_id = $network ORDER BY position",
        row => Subnet.Create(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3).Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        ("$network", networkId));

    private static void Insert(SqliteConnection connection, NetworkRecord record)
    {
        connection.Execute(
            "INSERT INTO networks (id, name, created, spec) VALUES ($id, $name, $created, $spec)",
            ("$id", record.Id),
            ("$name", record.Name),
            ("$created", record.Created.ToUnixTimeMilliseconds()),
            ("$spec", JsonSerializer.Serialize(record.Spec, NetworkJson.Default.NetworkSpec)));
        for (var position = 0; position < record.Subnets.Count; position++)
        {
            var subnet = record.Subnets[position];
            connection.Execute(
                "INSERT INTO network_subnets (network_id, position, subnet, gateway, address_range, reserved) VALUES ($network, $position, $subnet, $gateway, $range, $reserved)",
                ("$network", record.Id),
                ("$position", position),
                ("$subnet", subnet.Network.ToString()),
                ("$gateway", subnet.Gateway.ToString()),
                ("$range", subnet.Range.ToString()),
                ("$reserved", string.Join(' ', subnet.Reserved)));
        }
    }

    private static IPNetwork Prefix(SqliteConnection connection)
    {
        connection.Execute("INSERT OR IGNORE INTO store_settings (name, value) VALUES ($name, $value)", ("$name", PrefixSetting), ("$value", UniqueLocalAddresses.NewPrefix().ToString()));
        return IPNetwork.Parse(connection.Scalar<string>("SELECT value FROM store_settings WHERE name = $name", ("$name", PrefixSetting))!);
    }
}
