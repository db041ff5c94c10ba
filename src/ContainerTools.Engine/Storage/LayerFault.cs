namespace ContainerTools.Engine.Storage;

/// <summary>What is wrong with a layer of the store.</summary>
internal enum LayerFault
{
    /// <summary>Nobody knows whether its files reached the disk before the machine went down.</summary>
    InDoubt,

    /// <summary>Its tree is not there.</summary>
    TreeMissing,

    /// <summary>The blob that was kept is not there.</summary>
    BlobMissing,

    /// <summary>The structure of its tar is not there.</summary>
    StructureMissing,

    /// <summary>Its tree is not what it was, but can be made again of what is kept of its tar.</summary>
    TreeChanged,

    /// <summary>Its tree is not what it was, and nothing else has what it was.</summary>
    TreeLost,

    /// <summary>Its blob is not what its digest says.</summary>
    BlobChanged,
}
