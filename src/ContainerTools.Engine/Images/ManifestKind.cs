namespace ContainerTools.Engine.Images;

/// <summary>What a manifest of the store is.</summary>
internal enum ManifestKind
{
    /// <summary>An image for one platform.</summary>
    Image,

    /// <summary>A list of manifests: an index or a manifest list.</summary>
    Index,

    /// <summary>Anything else that a registry may hold: attestations, signatures, charts.</summary>
    Artifact,
}
