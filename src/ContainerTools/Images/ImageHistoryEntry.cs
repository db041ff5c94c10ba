namespace ContainerTools;

/// <summary>One step of an image's history, newest first as <c>docker history</c> shows it.</summary>
public sealed record ImageHistoryEntry
{
    /// <summary>The image the entry belongs to.</summary>
    public required string Image { get; init; }

    /// <summary>When the step ran.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The instruction or command that made the step.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>Diff id of the step's layer; null for steps that only change configuration.</summary>
    public string? Layer { get; init; }

    /// <summary>Bytes of the step's unpacked layer; 0 when it has none.</summary>
    public long Size { get; init; }

    /// <summary>Author, or null.</summary>
    public string? Author { get; init; }

    /// <summary>Free comment, or null.</summary>
    public string? Comment { get; init; }
}
