using System.Net;
using ContainerTools.Engine.Networks.Addresses;
using ContainerTools.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Networks;

/// <content>Addresses of RUN steps of builds.</content>
internal sealed partial class NetworkStore
{
    private const string StepInterface = "eth0";

    /// <summary>Connects a RUN step, which is no container: leases one address of each subnet. Throws <c>NetworkNotFound</c>, <c>NetworkFull</c>.</summary>
    /// <param name="network">Name or id.</param>
    /// <param name="stepId">Id of the step, which gives them back (<see cref="GiveBack"/>).</param>
    /// <param name="workId">The build's work directory, with which they go otherwise.</param>
    public (NetworkRecord Network, EndpointRecord Endpoint) Lease(string network, string stepId, string workId) => catalog.Write(connection =>
    {
        var record = Get(connection, network);
        var taken = Taken(connection, record);
        var addresses = record.Subnets.Select((_, position) => Next(connection, record, position, taken)).ToList();
        foreach (var address in addresses)
        {
            connection.Execute(
                "INSERT INTO network_leases (network_id, address, step_id, work_id) VALUES ($network, $address, $step, $work)",
                ("$network", record.Id), ("$address", address.ToString()), ("$step", stepId), ("$work", workId));
        }

        var attachment = new NetworkAttachment { Name = record.Id, InterfaceName = StepInterface };
        return (record, new EndpointRecord(record.Id, stepId, MacAddresses.For(addresses.FirstOrDefault()), addresses, attachment));
    });

    /// <summary>Ends the leases of a RUN step.</summary>
    public void GiveBack(string stepId) => catalog.WriteFreeing(connection => connection.Execute("DELETE FROM network_leases WHERE step_id = $step", ("$step", stepId)));

    /// <summary>All leases: network and address.</summary>
    public IReadOnlyList<(string NetworkId, string Address)> Leases() =>
        catalog.Read(connection => connection.Query("SELECT network_id, address FROM network_leases", row => (row.GetString(0), row.GetString(1))));

    private static HashSet<IPAddress> Taken(SqliteConnection connection, NetworkRecord network) =>
    [
        .. connection.Query(
            "SELECT address FROM network_addresses WHERE network_id = $network UNION ALL SELECT address FROM network_leases WHERE network_id = $network",
            row => IPAddress.Parse(row.GetString(0)),
            ("$network", network.Id)),
    ];
}
