using ContainerTools.Engine.Images;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>A manifest whose blobs are at the registry.</summary>
internal sealed record PushedManifest(string MediaType, byte[] Content)
{
    public Digest Digest { get; } = Digest.Of(Content);

    /// <summary>How a list of referrers names it (distribution-spec, "Listing Referrers").</summary>
    public Descriptor ToDescriptor(ImageManifest manifest) => new()
    {
        MediaType = MediaType,
        Digest = Digest,
        Size = Content.Length,
        ArtifactType = ArtifactMapping.TypeOf(manifest),
        Annotations = manifest.Annotations,
    };
}
