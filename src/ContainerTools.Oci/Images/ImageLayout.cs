using System.Text.Json.Serialization;

namespace ContainerTools.Oci;

/// <summary>The file <c>oci-layout</c> (image-spec, image-layout.md).</summary>
public sealed record ImageLayout
{
    /// <summary>Name of the file that marks a layout.</summary>
    public const string FileName = "oci-layout";

    /// <summary>Name of the layout's entry point.</summary>
    public const string IndexFileName = "index.json";

    /// <summary>Annotation with an image's tag or full name in <see cref="IndexFileName"/>.</summary>
    public const string ReferenceNameAnnotation = "org.opencontainers.image.ref.name";

    /// <summary>Annotation with an image's full name, as containerd and BuildKit write it.</summary>
    public const string ContainerdNameAnnotation = "io.containerd.image.name";

    /// <summary>Version of the layout.</summary>
    [JsonPropertyName("imageLayoutVersion")]
    public string Version { get; init; } = "1.0.0";

    /// <summary>Path of a blob below the layout.</summary>
    public static string BlobPath(Digest digest) => $"blobs/sha256/{digest.Hex}";
}
