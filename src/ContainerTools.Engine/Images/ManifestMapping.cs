using System.Text;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>Manifests and indexes in the words of the object model.</summary>
internal static class ManifestMapping
{
    public static ImageManifestInfo ToInfo(string name, string mediaType, byte[] content)
    {
        var info = new ImageManifestInfo
        {
            Name = name,
            Digest = Digest.Of(content).ToString(),
            MediaType = mediaType,
            Size = content.Length,
            Json = Encoding.UTF8.GetString(content),
        };
        if (MediaTypes.IsIndex(mediaType))
        {
            var index = OciJson.ReadIndex(content);
            return info with
            {
                IsIndex = true,
                Manifests = [.. index.Manifests.Select(ToDescriptor)],
                Platforms = [.. index.Manifests.Select(entry => entry.Platform).OfType<Platform>().Where(platform => platform.OperatingSystem != "unknown").Select(platform => platform.ToString()).Distinct()],
                Annotations = index.Annotations ?? new Dictionary<string, string>(),
            };
        }

        var manifest = OciJson.ReadManifest(content);
        return info with
        {
            ArtifactType = MediaTypes.IsConfig(manifest.Config.MediaType) ? manifest.ArtifactType : ArtifactMapping.TypeOf(manifest),
            ConfigDigest = manifest.Config.Digest.ToString(),
            Layers = [.. manifest.Layers.Select(ToDescriptor)],
            Subject = manifest.Subject?.Digest.ToString(),
            Annotations = manifest.Annotations ?? new Dictionary<string, string>(),
        };
    }

    public static ImageDescriptor ToDescriptor(Descriptor descriptor) => new()
    {
        Digest = descriptor.Digest.ToString(),
        MediaType = descriptor.MediaType,
        Size = descriptor.Size,
        Platform = descriptor.Platform is { OperatingSystem: not "unknown" } platform ? platform.ToString() : null,
        Annotations = descriptor.Annotations ?? new Dictionary<string, string>(),
    };
}
