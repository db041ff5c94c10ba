using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>One image found in an archive, with its documents read and verified; its layers are not read yet.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="ConfigJson">Its exact bytes.</param>
/// <param name="ManifestJson">The OCI manifest's exact bytes; null in a docker-archive.</param>
/// <param name="Layers">The layers, base first.</param>
/// <param name="Tags">The archive's names for it.</param>
internal sealed record ArchivedImage(
    ImageConfigFile Config, byte[] ConfigJson, byte[]? ManifestJson, IReadOnlyList<ArchivedLayer> Layers, IReadOnlyList<ImageReference> Tags);
