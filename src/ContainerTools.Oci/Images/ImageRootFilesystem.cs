using System.Text.Json.Serialization;

namespace ContainerTools.Oci;

/// <summary>The layers of an image (image-spec, config.md, "rootfs").</summary>
public sealed record ImageRootFilesystem
{
    /// <summary>Always <c>layers</c>.</summary>
    [JsonPropertyName("type")]
    public string Type { get; init; } = "layers";

    /// <summary>Digests of the uncompressed layers, base first.</summary>
    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<Digest>? DiffIds { get; init; }
}
