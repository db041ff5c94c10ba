namespace ContainerTools.Engine.Registry;

/// <summary>How patient a transfer is.</summary>
internal sealed record RegistryTransferOptions
{
    /// <summary>How often a request is tried again that failed for a reason that may pass.</summary>
    public int RetryCount { get; init; } = 4;

    /// <summary>Wait before the first new try; it doubles from one to the next.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait that a registry may ask for (<c>Retry-After</c>); more is an error that says so.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Time for an answer to begin, and for a document to come whole.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A blob that brings less than <see cref="LeastBytes"/> in this time counts as broken off.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>See <see cref="StallTimeout"/>.</summary>
    public int LeastBytes { get; init; } = 16 * 1024;

    /// <summary>Layers that are transferred at once.</summary>
    public int ThrottleLimit { get; init; } = 3;

    /// <summary>These, with what a user asks for.</summary>
    public RegistryTransferOptions With(TransferOptions wishes) => this with
    {
        RetryCount = wishes.RetryCount ?? RetryCount,
        RetryInterval = wishes.RetryInterval ?? RetryInterval,
        ThrottleLimit = wishes.ThrottleLimit ?? ThrottleLimit,
    };
}
