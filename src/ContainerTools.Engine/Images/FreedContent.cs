using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>What a change of the catalogue left without a user.</summary>
/// <param name="Layers">Diff ids of layers that an image had.</param>
/// <param name="Blobs">Blobs that only a manifest had.</param>
internal sealed record FreedContent(IReadOnlyList<Digest> Layers, IReadOnlyList<Digest> Blobs)
{
    public static FreedContent None { get; } = new([], []);
}
