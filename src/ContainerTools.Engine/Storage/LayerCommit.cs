namespace ContainerTools.Engine.Storage;

/// <summary>How a tree becomes a layer.</summary>
internal sealed record LayerCommit
{
    /// <summary>Files younger than this get this time (SOURCE_DATE_EPOCH), in the tree too; null keeps all times.</summary>
    public DateTimeOffset? LatestTime { get; init; }
}
