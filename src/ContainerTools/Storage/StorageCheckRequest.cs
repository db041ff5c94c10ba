namespace ContainerTools;

/// <summary>How <see cref="IStorageOperations.CheckAsync"/> looks at a store.</summary>
public sealed record StorageCheckRequest
{
    /// <summary>Read every layer and every blob whole, and compare with the digests.</summary>
    public bool Deep { get; init; }

    /// <summary>Mend what can be mended without losing anything.</summary>
    public bool Repair { get; init; }

    /// <summary>Mend also by removing what is beyond help, such as an image whose layer is lost.</summary>
    public bool Force { get; init; }
}
