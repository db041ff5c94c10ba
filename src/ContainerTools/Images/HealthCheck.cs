namespace ContainerTools;

/// <summary>A health probe as Dockerfile's HEALTHCHECK states it (Docker image spec 1.2, "Healthcheck").</summary>
public sealed record HealthCheck
{
    /// <summary><c>NONE</c>; or <c>CMD</c> and words; or <c>CMD-SHELL</c> and one shell line.</summary>
    public required IReadOnlyList<string> Test { get; init => field = value.ToArray(); }

    /// <summary>Time between probes; null means 30 s.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Time a probe may take; null means 30 s.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Grace time after the start in which failures do not count.</summary>
    public TimeSpan? StartPeriod { get; init; }

    /// <summary>Time between probes during the start period; null means 5 s.</summary>
    public TimeSpan? StartInterval { get; init; }

    /// <summary>Failures in a row that make the container unhealthy; null means 3.</summary>
    public int? Retries { get; init; }
}
