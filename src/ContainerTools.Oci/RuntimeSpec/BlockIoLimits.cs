using System.Text.Json.Serialization;

namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>Limits on block devices.</summary>
public sealed record BlockIoLimits
{
    /// <summary>Weight, 10 to 1000.</summary>
    public ushort? Weight { get; init; }

    /// <summary>Bytes read a second.</summary>
    public IReadOnlyList<BlockIoThrottle> ThrottleReadBpsDevice { get; init => field = value ?? []; } = [];

    /// <summary>Bytes written a second.</summary>
    public IReadOnlyList<BlockIoThrottle> ThrottleWriteBpsDevice { get; init => field = value ?? []; } = [];

    /// <summary>Reads a second.</summary>
    [JsonPropertyName("throttleReadIOPSDevice")]
    public IReadOnlyList<BlockIoThrottle> ThrottleReadIopsDevice { get; init => field = value ?? []; } = [];

    /// <summary>Writes a second.</summary>
    [JsonPropertyName("throttleWriteIOPSDevice")]
    public IReadOnlyList<BlockIoThrottle> ThrottleWriteIopsDevice { get; init => field = value ?? []; } = [];
}
