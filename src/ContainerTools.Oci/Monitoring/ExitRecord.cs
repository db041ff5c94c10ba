namespace ContainerTools.Oci.Monitoring;

/// <summary>How a run ended: the file <c>exit.json</c>.</summary>
public sealed record ExitRecord
{
    /// <summary>Exit code; 128 + n after signal n; 125, 126 or 127 when the start failed.</summary>
    public int ExitCode { get; init; }

    /// <summary>True when the kernel's OOM killer struck in the container's cgroup.</summary>
    public bool OomKilled { get; init; }

    /// <summary>When the first process began; null when it never did.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When the run ended.</summary>
    public DateTimeOffset Finished { get; init; }

    /// <summary>Why the start failed; null when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Writes it as UTF-8 JSON.</summary>
    public byte[] ToJson() => MonitoringWriting.Exit(this);
}
