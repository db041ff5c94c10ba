using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerTools.Oci;

/// <summary>One step of an image's making (image-spec, config.md, "history").</summary>
public sealed record ImageHistory
{
    /// <summary>When the step ran.</summary>
    [JsonPropertyName("created")]
    public DateTimeOffset? Created { get; init; }

    /// <summary>The command of the step.</summary>
    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; init; }

    /// <summary>Author.</summary>
    [JsonPropertyName("author")]
    public string? Author { get; init; }

    /// <summary>Comment.</summary>
    [JsonPropertyName("comment")]
    public string? Comment { get; init; }

    /// <summary>True when the step made no layer.</summary>
    [JsonPropertyName("empty_layer")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EmptyLayer { get; init; }

    /// <summary>Members this version does not know; kept.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
