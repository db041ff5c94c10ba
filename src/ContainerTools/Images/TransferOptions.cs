namespace ContainerTools;

/// <summary>How content is transferred from and to registries; what is null stays at the engine's default.</summary>
public sealed record TransferOptions
{
    /// <summary>Layers at once; 3 by default.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>How often a request is tried again that failed for a reason that may pass; 4 by default.</summary>
    public int? RetryCount { get; init; }

    /// <summary>Wait before the first new try, which doubles from one to the next; 1 s by default.</summary>
    public TimeSpan? RetryInterval { get; init; }
}
