namespace ContainerTools.Cmdlets.Tests;

internal sealed class FakeStorage : IStorageOperations
{
    public IReadOnlyList<ReclaimResult> Victims { get; set; } = [];

    public ReclaimRequest? Planned { get; private set; }

    public ReclaimRequest? Cleared { get; private set; }

    public IReadOnlyList<StorageUsage> GetUsage() => [new StorageUsage { Kind = StorageKind.Image, Count = 2, Active = 1, Size = 3 << 20, Reclaimable = 1 << 20 }];

    public IReadOnlyList<StorageItem> GetItems() => [new StorageItem { Kind = StorageKind.Log, Name = "web", Id = "1", Path = "/log", UsedBy = ["web"] }];

    public IReadOnlyList<ReclaimResult> PlanClear(ReclaimRequest request)
    {
        Planned = request;
        return Victims;
    }

    public Task<IReadOnlyList<ReclaimResult>> ClearAsync(ReclaimRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        Cleared = request;
        return Task.FromResult<IReadOnlyList<ReclaimResult>>([.. Victims.Select(victim => victim with { Removed = victim.Name != "stuck" })]);
    }

    public IReadOnlyList<StorageIssue> Issues { get; set; } = [];

    public StorageCheckRequest? Checked { get; private set; }

    public Task<IReadOnlyList<StorageIssue>> CheckAsync(StorageCheckRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        Checked = request;
        return Task.FromResult<IReadOnlyList<StorageIssue>>([.. Issues.Select(issue => issue with { Repaired = request.Repair })]);
    }
}
