using ContainerTools.Oci;

namespace ContainerTools.Engine.Storage;

/// <summary>A complete layer of the store.</summary>
/// <param name="DiffId">Digest of the uncompressed tar.</param>
/// <param name="Size">Bytes of the regular files in the tree.</param>
/// <param name="BlobDigest">Digest of the blob to export: the imported one, or the diff id when the tar is made again.</param>
/// <param name="BlobSize">Bytes of that blob.</param>
/// <param name="MediaType">Media type of that blob.</param>
/// <param name="Form">What of the blob lies in the store.</param>
internal sealed record LayerRecord(Digest DiffId, long Size, Digest BlobDigest, long BlobSize, string MediaType, BlobForm Form);
