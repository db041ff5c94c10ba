using System.Text.Json.Serialization;

namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>One range of a user namespace.</summary>
public sealed record IdMapping
{
    /// <summary>First id inside.</summary>
    [JsonPropertyName("containerID")]
    public uint ContainerId { get; init; }

    /// <summary>First id outside.</summary>
    [JsonPropertyName("hostID")]
    public uint HostId { get; init; }

    /// <summary>How many.</summary>
    public uint Size { get; init; }
}
