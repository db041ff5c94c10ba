using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>Leases of operations that left nothing else behind; those with a work directory are found with it.</summary>
internal sealed class LeaseSearch(LayerStore layers)
{
    private const string Works = "SELECT work_id FROM layer_leases UNION SELECT work_id FROM network_leases ORDER BY work_id";

    public IEnumerable<Finding> Find() => layers.Catalog.Read(connection => connection.Query(Works, row => row.GetString(0)))
        .Except(WorkDirectory.FindAbandoned(layers.Paths))
        .Where(work => !WorkDirectory.IsAlive(layers.Paths, work))
        .Select(work => new Finding("Lease", work, "the operation that held it is over", () => WorkDirectory.RemoveAbandoned(layers, work)));
}
