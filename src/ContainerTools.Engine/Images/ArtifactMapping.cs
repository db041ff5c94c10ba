using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>Artifacts in the words of the object model.</summary>
internal static class ArtifactMapping
{
    private const string TitleAnnotation = "org.opencontainers.image.title";

    public static ContainerArtifact ToArtifact(ManifestRecord record, IReadOnlyList<ImageReference> names)
    {
        var manifest = record.ReadManifest();
        return new ContainerArtifact
        {
            Name = names.Count > 0 ? names[0].Familiar : record.Digest.ToString(),
            Tags = [.. names.Select(name => name.Familiar)],
            Digest = record.Digest.ToString(),
            ArtifactType = TypeOf(manifest),
            Subject = manifest.Subject?.Digest.ToString(),
            Annotations = manifest.Annotations ?? new Dictionary<string, string>(),
            Files = [.. manifest.Layers.Select(layer => new ArtifactFile
            {
                Name = layer.Annotations?.GetValueOrDefault(TitleAnnotation) ?? layer.Digest.ToString(),
                MediaType = layer.MediaType,
                Digest = layer.Digest.ToString(),
                Size = layer.Size,
                Annotations = layer.Annotations ?? new Dictionary<string, string>(),
            })],
            Size = manifest.Layers.Sum(layer => layer.Size),
            Received = record.Created,
        };
    }

    /// <summary>image-spec, manifest.md, "Guidelines for Artifact Usage".</summary>
    public static string TypeOf(ImageManifest manifest) => manifest.ArtifactType ?? manifest.Config.MediaType;
}
