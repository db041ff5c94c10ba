namespace ContainerTools;

/// <summary>What <see cref="IImageOperations.List"/> returns; unset members do not filter.</summary>
public sealed record ImageFilter
{
    /// <summary>Only images without (true) or with (false) a tag.</summary>
    public bool? Dangling { get; init; }

    /// <summary>Labels that must be there; a null value asks for the key alone.</summary>
    public IReadOnlyDictionary<string, string?> Labels { get; init; } = new Dictionary<string, string?>();

    /// <summary>Architecture in Go's words.</summary>
    public string? Architecture { get; init; }

    /// <summary>Platform as <c>os/architecture[/variant]</c>.</summary>
    public string? Platform { get; init; }

    /// <summary>Only images created before this time.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Only images created after this time.</summary>
    public DateTimeOffset? Since { get; init; }
}
