using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>A manifest as a registry sent it, verified.</summary>
/// <param name="Descriptor">Media type, digest and size; the digest is of what came.</param>
/// <param name="Content">The exact bytes.</param>
/// <param name="Quota">What the registry says of its rate limit; null when it says nothing.</param>
internal sealed record RemoteManifest(Descriptor Descriptor, byte[] Content, RateLimit? Quota)
{
    public bool IsIndex => MediaTypes.IsIndex(Descriptor.MediaType);
}
