using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>A blob to be kept beside the layers, verified already.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Path">The file, on the store's file system; it is moved into place.</param>
internal sealed record KeptBlob(Digest Digest, long Size, string Path);
