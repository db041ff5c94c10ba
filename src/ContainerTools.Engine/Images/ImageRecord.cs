using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>An image as the catalogue holds it.</summary>
internal sealed record ImageRecord
{
    /// <summary>Digest of the configuration.</summary>
    public required Digest Id { get; init; }

    public required Digest ManifestDigest { get; init; }

    public required ImageConfigFile Config { get; init; }

    /// <summary>The configuration's exact bytes.</summary>
    public required byte[] ConfigJson { get; init; }

    public required ImageManifest Manifest { get; init; }

    /// <summary>The manifest's exact bytes.</summary>
    public required byte[] ManifestJson { get; init; }

    /// <summary>Diff ids, base first.</summary>
    public required IReadOnlyList<Digest> Layers { get; init; }

    /// <summary>All tags, in order.</summary>
    public required IReadOnlyList<ImageReference> Tags { get; init; }

    /// <summary>First tag in familiar form, or the short id.</summary>
    public string Name => Tags.Count > 0 ? Tags[0].Familiar : Id.Short;
}
