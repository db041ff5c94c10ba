using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>A layer of an archived image.</summary>
/// <param name="Path">Path in the archive.</param>
/// <param name="DiffId">Digest of the uncompressed tar, from the configuration.</param>
/// <param name="BlobDigest">Digest of the blob, from the manifest; null in a docker-archive.</param>
internal sealed record ArchivedLayer(string Path, Digest DiffId, Digest? BlobDigest);
