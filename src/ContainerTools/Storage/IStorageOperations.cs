namespace ContainerTools;

/// <summary>What lies on a store's disk. Every method throws <see cref="ContainerToolsException"/>.</summary>
public interface IStorageOperations
{
    /// <summary>A row for each kind.</summary>
    IReadOnlyList<StorageUsage> GetUsage();

    /// <summary>Everything that takes space.</summary>
    IReadOnlyList<StorageItem> GetItems();

    /// <summary>Lists what <see cref="ClearAsync"/> would take away. Throws <c>ScopeNotClearable</c>, <c>KeepBytesNeedsBuildCache</c>.</summary>
    IReadOnlyList<ReclaimResult> PlanClear(ReclaimRequest request);

    /// <summary>Takes away what is not needed. What cannot be removed keeps none of the others. Throws <c>ScopeNotClearable</c>, <c>KeepBytesNeedsBuildCache</c>.</summary>
    Task<IReadOnlyList<ReclaimResult>> ClearAsync(ReclaimRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Compares what lies in the store with what its catalogue says, and mends what differs as far as the request allows.</summary>
    Task<IReadOnlyList<StorageIssue>> CheckAsync(StorageCheckRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken);
}
