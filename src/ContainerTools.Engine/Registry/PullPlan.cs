using ContainerTools.Engine.Images;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>What a pull will bring: documents are read and verified, no layer is.</summary>
/// <param name="Name">The name that was found.</param>
/// <param name="Root">What the name stands for.</param>
/// <param name="Images">The images.</param>
/// <param name="Artifacts">What else is worth keeping: the artifact that the name stands for, or the attestations about the images.</param>
/// <param name="Indexes">Indexes within the index, on the way to the images.</param>
internal sealed record PullPlan(
    ImageReference Name, RemoteManifest Root, IReadOnlyList<PlannedImage> Images, IReadOnlyList<PlannedArtifact> Artifacts, IReadOnlyList<RemoteManifest> Indexes);

/// <summary>An image of a pull.</summary>
/// <param name="Document">Its manifest as it came.</param>
/// <param name="Manifest">The same, read.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="ConfigJson">The configuration's exact bytes.</param>
internal sealed record PlannedImage(RemoteManifest Document, ImageManifest Manifest, ImageConfigFile Config, byte[] ConfigJson)
{
    /// <summary>Layers with their diff ids, base first.</summary>
    public IEnumerable<(Descriptor Blob, Digest DiffId)> Layers => Manifest.Layers.Zip(Config.RootFilesystem.DiffIds ?? []);
}

/// <summary>An artifact of a pull.</summary>
/// <param name="Document">Its manifest as it came.</param>
/// <param name="Manifest">The same, read.</param>
/// <param name="Subject">What it is about.</param>
internal sealed record PlannedArtifact(RemoteManifest Document, ImageManifest Manifest, Digest? Subject)
{
    public IEnumerable<Descriptor> Blobs => Manifest.Layers.Prepend(Manifest.Config).DistinctBy(blob => blob.Digest);

    public RootAddition ToAddition(IReadOnlyList<KeptBlob> blobs, IReadOnlyList<ImageReference> names) => new()
    {
        Kind = ManifestKind.Artifact,
        MediaType = Document.Descriptor.MediaType,
        Content = Document.Content,
        Subject = Subject,
        Names = names,
        Blobs = [.. blobs.Where(blob => Blobs.Any(mine => mine.Digest == blob.Digest))],
    };
}
