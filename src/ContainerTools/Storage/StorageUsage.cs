namespace ContainerTools;

/// <summary>How much of a store's space one kind of thing takes. The sizes of all kinds together are what du(1) finds.</summary>
public sealed record StorageUsage
{
    /// <summary>What it is.</summary>
    public required StorageKind Kind { get; init; }

    /// <summary>How many there are: images, containers, layers and mounts of the build cache, logs, downloads, operations.</summary>
    public int Count { get; init; }

    /// <summary>How many of them are in use: images with containers, containers that run, operations in flight.</summary>
    public int Active { get; init; }

    /// <summary>Bytes in allocated blocks.</summary>
    public long Size { get; init; }

    /// <summary>
    /// Bytes of <see cref="Size"/> that <c>Clear-ContainerStorage -Scope</c> with this kind and nothing else would free. Clearing containers frees their logs as well; clearing several
    /// kinds at once may free more, such as a layer that an image and the build cache have.
    /// </summary>
    public long Reclaimable { get; init; }
}
