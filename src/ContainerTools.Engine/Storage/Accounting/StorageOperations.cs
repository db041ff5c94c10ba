using ContainerTools.Engine.Host.Repair;

namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>The storage part of the engine.</summary>
internal sealed class StorageOperations(SnapshotReader snapshots, Reclamation reclamation, StorageCheck check, StorePaths paths) : IStorageOperations
{
    public IReadOnlyList<StorageUsage> GetUsage() => Guard(() => StorageAccounts.Usage(snapshots.Read()));

    public IReadOnlyList<StorageItem> GetItems() => Guard(() => StorageAccounts.Items(snapshots.Read()));

    public IReadOnlyList<ReclaimResult> PlanClear(ReclaimRequest request) => Guard(() => (IReadOnlyList<ReclaimResult>)[.. Plan(request).Select(Reclamation.ResultOf)]);

    public Task<IReadOnlyList<ReclaimResult>> ClearAsync(ReclaimRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken) => Task.Run(
        () => Guard(() =>
        {
            var victims = Plan(request);
            var results = new List<ReclaimResult>();
            foreach (var victim in victims)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new EngineProgress { Activity = "Clear", Item = "storage", Status = $"{victim.Kind} {victim.Name}", Done = results.Count, Total = victims.Count });
                results.Add(reclamation.Execute(victim));
            }

            return (IReadOnlyList<ReclaimResult>)results;
        }),
        cancellationToken);

    public Task<IReadOnlyList<StorageIssue>> CheckAsync(StorageCheckRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(() => Guard(() => check.Run(request, progress, cancellationToken)), cancellationToken);

    private IReadOnlyList<ReclaimVictim> Plan(ReclaimRequest request)
    {
        Check(request);
        return ReclaimPlanner.Plan(snapshots.Read(), request);
    }

    private static void Check(ReclaimRequest request)
    {
        if (request.Scope.FirstOrDefault(kind => kind is StorageKind.Catalog or StorageKind.Other, StorageKind.Image) is StorageKind.Catalog or StorageKind.Other)
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument,
                "ScopeNotClearable",
                "The catalogue cannot be cleared, and files that the engine did not make it does not remove.",
                null,
                "Name other kinds (-Scope). Test-ContainerStorage -Detailed lists files of unknown origin.");
        }

        if (request.KeepBytes is not null && !request.Scope.Contains(StorageKind.BuildCache))
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "KeepBytesNeedsBuildCache", "Only of the build cache a number of bytes can be kept.", null, "Clear the build cache too (-Scope BuildCache), or leave -KeepBytes out.");
        }
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (StoreErrors.Translate(error, paths.Root) is var translated && !ReferenceEquals(translated, error))
        {
            throw translated;
        }
    }
}
