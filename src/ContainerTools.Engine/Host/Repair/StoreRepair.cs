using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>Finds what crashed processes left in and around a store: everything that no row reaches and no living process owns.</summary>
internal sealed class StoreRepair(ContainerContext containers, LayerStore layers)
{
    /// <summary>Lists, and with <paramref name="apply"/> removes. One that cannot be removed keeps none of the others.</summary>
    public IReadOnlyList<RepairAction> Run(bool apply)
    {
        var actions = new List<RepairAction>();

        // In this order: a build's container stands on its work directory, and layers are leased to work directories.
        foreach (var search in (Func<IEnumerable<Finding>>[])[new ContainerSearch(containers).Find, new NetworkSearch(containers).Find, new WorkSearch(layers).Find, new LayerSearch(layers).Find])
        {
            actions.AddRange(search().ToList().Select(finding => Treat(finding, apply)));
        }

        return actions;
    }

    private static RepairAction Treat(Finding finding, bool apply)
    {
        var action = new RepairAction { Kind = finding.Kind, Target = finding.Target, Reason = finding.Reason, Size = finding.Size };
        if (!apply)
        {
            return action;
        }

        var (mended, reason) = finding.Try("removed");
        return action with { Repaired = mended, Reason = reason };
    }
}
