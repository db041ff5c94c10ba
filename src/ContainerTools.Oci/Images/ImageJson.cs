using System.Text.Json.Serialization;

namespace ContainerTools.Oci;

/// <summary>Source-generated JSON of the image documents. Duplicate members are refused: two readers could see two images.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowDuplicateProperties = false, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ImageConfigFile))]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(ImageIndex))]
[JsonSerializable(typeof(ImageLayout))]
[JsonSerializable(typeof(IReadOnlyList<DockerArchiveItem>))]
internal sealed partial class ImageJson : JsonSerializerContext;
