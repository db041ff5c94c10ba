namespace ContainerTools;

/// <summary>What a store's space goes to, and what can be cleared of it.</summary>
public enum StorageKind
{
    /// <summary>Layers of images and blobs of their manifests.</summary>
    Image,

    /// <summary>Writable layers of containers with what belongs to them, but for their logs.</summary>
    Container,

    /// <summary>Volumes.</summary>
    Volume,

    /// <summary>Networks. They take no space, but can be cleared.</summary>
    Network,

    /// <summary>Layers that only the build cache knows, and cache mounts of RUN steps.</summary>
    BuildCache,

    /// <summary>Logs of containers.</summary>
    Log,

    /// <summary>Downloads that are not complete.</summary>
    Partial,

    /// <summary>What imports, builds and removals in flight have made so far, and what was left by some that were cut off.</summary>
    Work,

    /// <summary>The catalogue, the space kept back for removals on a full disk, and the store's own directories.</summary>
    Catalog,

    /// <summary>Files in the store that the engine did not make.</summary>
    Other,
}
