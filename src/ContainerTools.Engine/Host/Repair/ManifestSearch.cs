using ContainerTools.Engine.Images;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>
/// Manifests, indexes and artifacts: whether the blobs that were kept for their sake are there, and what an index names is noted; when it looks deep, whether documents and blobs are what their
/// digests say.
/// </summary>
internal sealed class ManifestSearch(ImageStore images, CancellationToken cancellationToken)
{
    private const string Again = "Remove the image or artifact, and pull or import it again.";

    /// <summary>Reads every document and every blob.</summary>
    public bool Deep { get; init; }

    public IEnumerable<Finding> Find()
    {
        foreach (var manifest in images.ListManifests())
        {
            var digest = manifest.Record.Digest.ToString();
            if (Deep && Digest.Of(manifest.Record.Content) != manifest.Record.Digest)
            {
                yield return new Finding("Manifest", digest, "the document is not what its digest says", null) { IsDamage = true, RecommendedAction = Again };
                continue;
            }

            if (manifest.Record.Kind == ManifestKind.Index && !manifest.Record.ReadIndex().Manifests.Select(entry => entry.Digest).SequenceEqual(manifest.Members))
            {
                yield return new Finding("Manifest", digest, "what the index names is not noted as it should be", () => images.NoteMembers(manifest.Record)) { IsDamage = true };
            }

            foreach (var blob in manifest.Blobs.Where(blob => !File.Exists(images.Layers.BlobPathOf(blob)) && images.FindManifest(manifest.Record.Digest) is not null))
            {
                yield return new Finding("Blob", blob.ToString(), $"the blob is not there; the manifest {manifest.Record.Digest.Short} names it", null) { IsDamage = true, RecommendedAction = Again };
            }
        }

        foreach (var (image, reason) in images.FindDamaged(Deep))
        {
            yield return new Finding("Image", image.ToString(), reason, () => Remove(image)) { IsDamage = true, NeedsForce = true, RecommendedAction = Again };
        }

        foreach (var blob in Deep ? images.ListManifests().SelectMany(manifest => manifest.Blobs).Distinct().Where(blob => File.Exists(images.Layers.BlobPathOf(blob))) : [])
        {
            if (!images.Layers.IsBlobWhole(blob, cancellationToken))
            {
                yield return new Finding("Blob", blob.ToString(), "the blob is not what its digest says", null, FileTree.Size(images.Layers.BlobPathOf(blob))) { IsDamage = true, RecommendedAction = Again };
            }
        }
    }

    private void Remove(Digest image)
    {
        if (!images.RemoveUnused(image, named: true))
        {
            throw new ContainerToolsException(ErrorKind.Conflict, "ImageInUse", "a container was made of it; remove it first.", image.ToString());
        }
    }
}
