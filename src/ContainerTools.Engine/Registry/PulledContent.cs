using ContainerTools.Engine.Images;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>What a pull brought, in the catalogue's words.</summary>
internal sealed record PulledContent(ImageReference Name, Digest Digest, IReadOnlyList<ImageRecord> Images, ManifestRecord? Artifact)
{
    public long BytesReceived { get; init; }

    public int LayersSkipped { get; init; }
}
