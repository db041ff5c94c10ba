using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>A manifest of the store, exact to the byte.</summary>
/// <param name="Digest">Digest of <paramref name="Content"/>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Content">The document.</param>
/// <param name="Image">Id of the image it describes; null when it is no image's.</param>
/// <param name="Created">When it came into the store.</param>
internal sealed record ManifestRecord(Digest Digest, ManifestKind Kind, string MediaType, byte[] Content, Digest? Image, DateTimeOffset Created)
{
    public ImageIndex ReadIndex() => OciJson.ReadIndex(Content);

    public ImageManifest ReadManifest() => OciJson.ReadManifest(Content);

    public Descriptor ToDescriptor() => new() { MediaType = MediaType, Digest = Digest, Size = Content.Length };
}
