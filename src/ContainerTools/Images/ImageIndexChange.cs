namespace ContainerTools;

/// <summary>Input of <see cref="IImageOperations.ChangeIndex"/>: what is done to an index (multi-platform image), in this order.</summary>
public sealed record ImageIndexChange
{
    /// <summary>Name of the index.</summary>
    public required string Name { get; init; }

    /// <summary>Make it; it must not exist unless <see cref="Force"/> is set.</summary>
    public bool Create { get; init; }

    /// <summary>Replace what the name stands for.</summary>
    public bool Force { get; init; }

    /// <summary>Digests of entries to take out.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];

    /// <summary>Images of the store to put in, by name, digest or id; an index puts in all its entries.</summary>
    public IReadOnlyList<string> Add { get; init; } = [];

    /// <summary>Digest of the entry that <see cref="Platform"/> and what follows it change; null changes those that were put in.</summary>
    public string? Entry { get; init; }

    /// <summary>Platform of the entry, in place of what its image says.</summary>
    public string? Platform { get; init; }

    /// <summary>Version of the operating system that the entry is for.</summary>
    public string? OperatingSystemVersion { get; init; }

    /// <summary>Features of the operating system that the entry needs; empty takes them away.</summary>
    public IReadOnlyList<string>? OperatingSystemFeatures { get; init; }

    /// <summary>Annotations of the entry; an empty value takes one away.</summary>
    public IReadOnlyDictionary<string, string> EntryAnnotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations of the index; an empty value takes one away.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
