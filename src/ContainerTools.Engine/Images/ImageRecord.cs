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

    /// <summary>All names, in order: tags, and digests of what was pulled by digest. Those of an index are those of its images.</summary>
    public required IReadOnlyList<ImageReference> Tags { get; init; }

    /// <summary>An index that the image is part of; null when there is none.</summary>
    public Digest? Index { get; init; }

    /// <summary>Where it was pulled from or pushed to: <c>repository@digest</c>.</summary>
    public IReadOnlyList<ImageReference> Sources { get; init; } = [];

    /// <summary>How registries know it, <c>repository@digest</c>; before any does, how they would by its tags.</summary>
    public IEnumerable<string> RepositoryDigests => Sources.Count > 0
        ? Sources.Select(source => source.Familiar)
        : Tags.Select(tag => tag.FamiliarName).Distinct().Select(name => $"{name}@{ManifestDigest}");

    /// <summary>First tag in familiar form, or the short id.</summary>
    public string Name => Tags.Count > 0 ? Tags[0].Familiar : Id.Short;
}
