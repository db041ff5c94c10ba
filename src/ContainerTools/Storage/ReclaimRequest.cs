namespace ContainerTools;

/// <summary>What <see cref="IStorageOperations.ClearAsync"/> takes away. Nothing that is in use or in flight ever goes.</summary>
public sealed record ReclaimRequest
{
    /// <summary>What is cleared unless told otherwise: what can be made or fetched again, or has come to its end. No volumes, no logs of containers that stay.</summary>
    public static IReadOnlyList<StorageKind> DefaultScope { get; } =
        [StorageKind.Container, StorageKind.Network, StorageKind.Image, StorageKind.BuildCache, StorageKind.Partial, StorageKind.Work];

    /// <summary>Kinds to clear. Throws <c>ScopeNotClearable</c> for <see cref="StorageKind.Catalog"/> and <see cref="StorageKind.Other"/>.</summary>
    public IReadOnlyList<StorageKind> Scope { get; init; } = DefaultScope;

    /// <summary>Images with a name too, if no container was made of them; all of the build cache, that of layers which images have among it; rotated logs of containers that run.</summary>
    public bool All { get; init; }

    /// <summary>Only what was not of use for so long.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Of the build cache, only as much as it is bigger than this, what was used longest ago first.</summary>
    public long? KeepBytes { get; init; }

    /// <summary>Only containers, images and networks with these labels, and nothing that has no labels; a null value asks for the key alone.</summary>
    public IReadOnlyDictionary<string, string?> Labels { get; init; } = new Dictionary<string, string?>();
}
