namespace ContainerTools;

/// <summary>One report of a long operation: the state of one item, or a line of its log.</summary>
public sealed record EngineProgress
{
    /// <summary>The operation: <c>Build</c>, <c>Import</c>, <c>Export</c>, <c>BaseImage</c>, <c>Pull</c>, <c>Push</c>, <c>Copy</c>.</summary>
    public required string Activity { get; init; }

    /// <summary>The item within the operation, unique and stable: a step, a layer digest.</summary>
    public required string Item { get; init; }

    /// <summary>What is happening to the item, short.</summary>
    public string Status { get; init; } = "";

    /// <summary>Units done (bytes unless the activity counts steps).</summary>
    public long Done { get; init; }

    /// <summary>Units in all; null when unknown.</summary>
    public long? Total { get; init; }

    /// <summary>True in the item's last report.</summary>
    public bool Completed { get; init; }

    /// <summary>A line of log for humans; when set, the report is only that line.</summary>
    public string? LogLine { get; init; }

    /// <summary>Something that the user should know but that ends nothing; when set, the report is only that.</summary>
    public string? Warning { get; init; }
}
