using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Storage.Accounting;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>Compares what lies in a store with what its catalogue says, and mends what differs.</summary>
internal sealed class StorageCheck(ContainerContext containers, ImageStore images, SnapshotReader snapshots)
{
    /// <summary>Lists, and mends where asked.</summary>
    public IReadOnlyList<StorageIssue> Run(StorageCheckRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        var layers = images.Layers;
        var catalog = new CatalogSearch(layers.Catalog).Find().ToList();
        var issues = catalog.ConvertAll(finding => Treat(finding, request));
        if (issues.Exists(issue => !issue.Repaired && issue.Target == layers.Paths.Catalog))
        {
            // What a damaged catalogue says of the rest is worth nothing.
            return issues;
        }

        // In this order: a mount keeps a directory from being removed, a build's container stands on its work directory, layers are leased to work directories, and what was taken away is not checked.
        foreach (var search in (Func<IEnumerable<Finding>>[])
        [
            new ContainerSearch(containers).Find,
            new MountSearch(layers).Find,
            new WorkSearch(layers).Find,
            new LeaseSearch(layers).Find,
            new LayerSearch(layers).Find,
            new DamagedLayerSearch(containers, images, progress, cancellationToken) { Deep = request.Deep }.Find,
            new ManifestSearch(images, cancellationToken) { Deep = request.Deep }.Find,
            new PartialSearch(layers).Find,
            new ForeignFileSearch(snapshots).Find,
        ])
        {
            issues.AddRange(search().ToList().Select(finding => Treat(finding, request)));
        }

        return issues;
    }

    private static StorageIssue Treat(Finding finding, StorageCheckRequest request)
    {
        var issue = new StorageIssue
        {
            Severity = finding.IsDamage ? StorageSeverity.Damage : StorageSeverity.Waste,
            Kind = finding.Kind,
            Target = finding.Target,
            Reason = finding.Reason,
            Size = finding.Size,
            Repairable = finding is { Mend: not null, NeedsForce: false },
            RecommendedAction = finding.RecommendedAction,
        };
        if (!request.Repair || finding.Mend is null || (finding.NeedsForce && !request.Force))
        {
            return issue;
        }

        var (mended, reason) = finding.Try("mended");
        return issue with { Repaired = mended, Reason = reason };
    }
}
