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
        foreach (var search in (Func<IEnumerable<Leftover>>[])[new ContainerSearch(containers).Find, new NetworkSearch(containers).Find, new WorkSearch(layers).Find, new LayerSearch(layers).Find])
        {
            actions.AddRange(search().ToList().Select(leftover => Treat(leftover, apply)));
        }

        return actions;
    }

    private static RepairAction Treat(Leftover leftover, bool apply)
    {
        var action = new RepairAction { Kind = leftover.Kind, Target = leftover.Target, Reason = leftover.Reason, Size = leftover.Size };
        if (!apply)
        {
            return action;
        }

        try
        {
            leftover.Remove();
            return action with { Repaired = true };
        }
        catch (Exception error) when (StoreErrors.Translate(error, leftover.Target) is ContainerToolsException known)
        {
            return action with { Reason = $"{leftover.Reason}; it cannot be removed: {known.Message}" };
        }
    }
}
