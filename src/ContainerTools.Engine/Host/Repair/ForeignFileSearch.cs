using ContainerTools.Engine.Storage.Accounting;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>What the engine did not make. It is told and never touched.</summary>
internal sealed class ForeignFileSearch(SnapshotReader snapshots)
{
    public IEnumerable<Finding> Find() => snapshots.Read().Parts
        .Where(part => part.Area == StoreArea.Other)
        .Select(part => new Finding("File", part.Path, "the engine did not make it", null, part.Size) { RecommendedAction = "Move it out of the store, or delete it." });
}
