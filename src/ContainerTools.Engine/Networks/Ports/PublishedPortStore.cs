using System.Net;
using ContainerTools.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Networks.Ports;

/// <summary>Ports of the host that containers have taken, in the catalogue.</summary>
internal sealed class PublishedPortStore(Catalog catalog)
{
    private const string Columns = "SELECT container_id, protocol, address, port, count, container_port FROM published_ports";

    /// <summary>The ports of all containers; those of containers that do not run are out of date.</summary>
    public ILookup<string, HostPort> List() =>
        catalog.Read(connection => connection.Query($"{Columns} ORDER BY rowid", Map)).ToLookup(row => row.ContainerId, row => row.Port);

    /// <summary>The ports of one container.</summary>
    public IReadOnlyList<HostPort> Of(string containerId) =>
        catalog.Read(connection => connection.Query($"{Columns} WHERE container_id = $id ORDER BY rowid", row => Map(row).Port, ("$id", containerId)));

    /// <summary>Takes ports for a container, in place of those it has, unless others have them; returns null then, and who has which otherwise.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="ports">What it asks for.</param>
    /// <param name="isInUse">Whether a container that has a port still runs.</param>
    public (string ContainerId, HostPort Port)? Claim(string containerId, IReadOnlyList<HostPort> ports, Func<string, bool> isInUse) => catalog.Write<(string, HostPort)?>(connection =>
    {
        foreach (var port in ports)
        {
            var others = connection.Query(
                $"{Columns} WHERE protocol = $protocol AND port < $end AND port + count > $start AND container_id <> $id",
                Map, ("$protocol", port.ProtocolName), ("$start", port.Port), ("$end", port.Port + port.Count), ("$id", containerId));
            foreach (var (owner, other) in others.Where(other => other.Port.Overlaps(port)))
            {
                if (isInUse(owner))
                {
                    return (owner, other);
                }

                connection.Execute("DELETE FROM published_ports WHERE container_id = $id", ("$id", owner));
            }
        }

        Remove(connection, containerId);
        foreach (var port in ports)
        {
            connection.Execute(
                "INSERT INTO published_ports (container_id, protocol, address, port, count, container_port) VALUES ($id, $protocol, $address, $port, $count, $containerPort)",
                ("$id", containerId),
                ("$protocol", port.ProtocolName),
                ("$address", port.Address.ToString()),
                ("$port", port.Port),
                ("$count", port.Count),
                ("$containerPort", port.ContainerPort));
        }

        return null;
    });

    /// <summary>Gives a container's ports back.</summary>
    public void Release(string containerId) => catalog.WriteFreeing(connection => Remove(connection, containerId));

    private static int Remove(SqliteConnection connection, string containerId) => connection.Execute("DELETE FROM published_ports WHERE container_id = $id", ("$id", containerId));

    private static (string ContainerId, HostPort Port) Map(SqliteDataReader row) => (
        row.GetString(0),
        new HostPort(
            row.GetString(1) switch { "udp" => PortProtocol.Udp, "sctp" => PortProtocol.Sctp, _ => PortProtocol.Tcp },
            IPAddress.Parse(row.GetString(2)),
            row.GetInt32(3),
            row.GetInt32(4),
            row.GetInt32(5)));
}
