namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>Where in a store something lies.</summary>
internal enum StoreArea
{
    /// <summary>The tree of a layer; named by the diff id's digits.</summary>
    Tree,

    /// <summary>The structure of a layer's tar; named by the diff id's digits.</summary>
    Structure,

    /// <summary>A blob; named by the digest's digits.</summary>
    Blob,

    /// <summary>A container's bundle, but for its log; named by its id.</summary>
    Container,

    /// <summary>A container's log with its older files; named by the container's id.</summary>
    Log,

    /// <summary>The directory of a cache mount with its lock; named by the hash of its id.</summary>
    CacheMount,

    /// <summary>A half-downloaded blob with its lock; named by the digest's digits.</summary>
    Partial,

    /// <summary>A work directory with its lock; named by its id.</summary>
    Work,

    /// <summary>The catalogue, what it keeps back, and the directories that the others lie in.</summary>
    Catalog,

    /// <summary>None of the store's.</summary>
    Other,
}
