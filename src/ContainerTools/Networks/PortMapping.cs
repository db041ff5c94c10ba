using System.Globalization;

namespace ContainerTools;

/// <summary>A port of the host, or a range of them, that leads to a container.</summary>
public sealed record PortMapping
{
    /// <summary>Name of the container; null in a mapping that is asked for.</summary>
    public string? Container { get; init; }

    /// <summary>Address of the host; null means all, or the engine's default bind address.</summary>
    public string? HostAddress { get; init; }

    /// <summary>The host's port, the first of a range; 0 lets the engine choose.</summary>
    public int HostPort { get; init; }

    /// <summary>The container's port, the first of a range.</summary>
    public required int ContainerPort { get; init; }

    /// <summary>How many ports; the n-th of the host leads to the n-th of the container.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The protocol.</summary>
    public PortProtocol Protocol { get; init; }

    /// <summary>The form that <c>-Publish</c> takes: <c>127.0.0.1:8080-8081:80-81/tcp</c>.</summary>
    public override string ToString()
    {
        var address = HostAddress is null ? "" : HostAddress.Contains(':', StringComparison.Ordinal) ? $"[{HostAddress}]:" : $"{HostAddress}:";
        var host = HostPort == 0 ? (address.Length > 0 ? ":" : "") : Range(HostPort) + ":";
        return $"{address}{host}{Range(ContainerPort)}/{Protocol.ToString().ToLowerInvariant()}";
    }

    private string Range(int first) => Count == 1
        ? first.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{first}-{first + Count - 1}");
}
