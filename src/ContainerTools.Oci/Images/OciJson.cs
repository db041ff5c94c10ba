using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ContainerTools.Oci;

/// <summary>Reads and writes the OCI image documents; source-generated, safe for AOT.</summary>
public static class OciJson
{
    private static readonly ImageJson s_context = new(new JsonSerializerOptions(ImageJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Reads an image configuration.</summary>
    public static ImageConfigFile ReadConfig(ReadOnlySpan<byte> json) => Read(json, s_context.ImageConfigFile, "image configuration", ImageDocumentCheck.Members);

    /// <summary>Reads an image manifest.</summary>
    public static ImageManifest ReadManifest(ReadOnlySpan<byte> json) => Read(json, s_context.ImageManifest, "image manifest", ImageDocumentCheck.Members);

    /// <summary>Reads an image index.</summary>
    public static ImageIndex ReadIndex(ReadOnlySpan<byte> json) => Read(json, s_context.ImageIndex, "image index", ImageDocumentCheck.Members);

    /// <summary>Reads a descriptor within another document.</summary>
    public static Descriptor ReadDescriptor(JsonElement json)
    {
        try
        {
            return json.Deserialize(s_context.Descriptor) ?? throw new OciFormatException("InvalidImageDocument", "A descriptor is JSON null; an object is expected.");
        }
        catch (JsonException error)
        {
            throw new OciFormatException("InvalidImageDocument", $"A descriptor is not valid: {error.Message}", error);
        }
    }

    /// <summary>Reads an OCI layout marker.</summary>
    public static ImageLayout ReadLayout(ReadOnlySpan<byte> json) => Read(json, s_context.ImageLayout, "OCI layout", _ => []);

    /// <summary>Reads a docker-archive's <c>manifest.json</c>.</summary>
    public static IReadOnlyList<DockerArchiveItem> ReadDockerArchive(ReadOnlySpan<byte> json) =>
        Read(json, s_context.IReadOnlyListDockerArchiveItem, "docker-archive manifest", ImageDocumentCheck.Members);

    /// <summary>Writes an image configuration, compact.</summary>
    public static byte[] Write(ImageConfigFile value) => JsonSerializer.SerializeToUtf8Bytes(value, s_context.ImageConfigFile);

    /// <summary>Writes execution defaults, compact.</summary>
    public static byte[] Write(ImageExecutionConfig value) => JsonSerializer.SerializeToUtf8Bytes(value, s_context.ImageExecutionConfig);

    /// <summary>Writes an image manifest, compact.</summary>
    public static byte[] Write(ImageManifest value) => JsonSerializer.SerializeToUtf8Bytes(value, s_context.ImageManifest);

    /// <summary>Writes an image index, compact.</summary>
    public static byte[] Write(ImageIndex value) => JsonSerializer.SerializeToUtf8Bytes(value, s_context.ImageIndex);

    /// <summary>Writes an OCI layout marker.</summary>
    public static byte[] Write(ImageLayout value) => JsonSerializer.SerializeToUtf8Bytes(value, s_context.ImageLayout);

    /// <summary>Writes a docker-archive's <c>manifest.json</c>.</summary>
    public static byte[] Write(IReadOnlyList<DockerArchiveItem> value) =>
        JsonSerializer.SerializeToUtf8Bytes(value, s_context.IReadOnlyListDockerArchiveItem);

    private static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string what, Func<T, IEnumerable<(string Name, object? Value)>> members)
        where T : class
    {
        try
        {
            var document = JsonSerializer.Deserialize(json, type)
                ?? throw new OciFormatException("InvalidImageDocument", $"The {what} is JSON null; an object is expected.");
            foreach (var (name, value) in members(document))
            {
                // The serializer refuses null for a member that must have a value, but not within lists and maps.
                if (value is null)
                {
                    throw new OciFormatException("InvalidImageDocument", $"The {what} has a null in '{name}'; a value is expected.");
                }
            }

            return document;
        }
        catch (JsonException error)
        {
            throw new OciFormatException(
                "InvalidImageDocument",
                $"The {what} is not valid at {error.Path ?? "$"} (line {error.LineNumber + 1}, byte {error.BytePositionInLine}): {error.Message}",
                error);
        }
    }
}
