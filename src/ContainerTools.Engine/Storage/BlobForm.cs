namespace ContainerTools.Engine.Storage;

/// <summary>What the store keeps of a layer's blob.</summary>
internal enum BlobForm
{
    /// <summary>Nothing: it is made from the tree, in the one way in which this engine makes tars.</summary>
    Tree,

    /// <summary>All but the contents of files, which the tree has; see <see cref="TarStructureWriter"/>.</summary>
    Structure,

    /// <summary>The blob itself.</summary>
    File,
}
