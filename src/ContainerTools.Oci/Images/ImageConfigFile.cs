using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerTools.Oci;

/// <summary>An image configuration (image-spec, config.md). Its digest is the image's id. Members this version does not know are kept.</summary>
public sealed record ImageConfigFile
{
    /// <summary>When the image was made.</summary>
    [JsonPropertyName("created")]
    public DateTimeOffset? Created { get; init; }

    /// <summary>Author.</summary>
    [JsonPropertyName("author")]
    public string? Author { get; init; }

    /// <summary>CPU architecture in Go's words.</summary>
    [JsonPropertyName("architecture")]
    public required string Architecture { get; init; }

    /// <summary>Variant of the CPU.</summary>
    [JsonPropertyName("variant")]
    public string? Variant { get; init; }

    /// <summary>Operating system in Go's words.</summary>
    [JsonPropertyName("os")]
    public required string OperatingSystem { get; init; }

    /// <summary>Execution defaults.</summary>
    [JsonPropertyName("config")]
    public ImageExecutionConfig? Config { get; init; }

    /// <summary>Layers by diff id.</summary>
    [JsonPropertyName("rootfs")]
    public required ImageRootFilesystem RootFilesystem { get; init; }

    /// <summary>History, oldest first.</summary>
    [JsonPropertyName("history")]
    public IReadOnlyList<ImageHistory>? History { get; init; }

    /// <summary>Members this version does not know; kept.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
