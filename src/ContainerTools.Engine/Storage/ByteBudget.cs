namespace ContainerTools.Engine.Storage;

/// <summary>A number of bytes that several threads spend together.</summary>
internal sealed class ByteBudget(long limit)
{
    private long _spent;

    public long Limit => limit;

    /// <summary>Takes <paramref name="bytes"/>; false when more than the limit is spent.</summary>
    public bool TrySpend(long bytes) => Interlocked.Add(ref _spent, bytes) <= limit;
}
