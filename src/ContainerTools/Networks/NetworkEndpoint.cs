namespace ContainerTools;

/// <summary>A container's place on a network. It keeps its addresses while it is stopped.</summary>
public sealed record NetworkEndpoint
{
    /// <summary>Name of the network.</summary>
    public required string Network { get; init; }

    /// <summary>Id of the network.</summary>
    public required string NetworkId { get; init; }

    /// <summary>Name of the container.</summary>
    public required string Container { get; init; }

    /// <summary>Id of the container.</summary>
    public required string ContainerId { get; init; }

    /// <summary>True while the container runs and its link is there.</summary>
    public bool Active { get; init; }

    /// <summary>IPv4 address, or null.</summary>
    public string? IPAddress { get; init; }

    /// <summary>IPv6 address, or null.</summary>
    public string? IPv6Address { get; init; }

    /// <summary>All addresses, one of each subnet.</summary>
    public IReadOnlyList<string> Address { get; init => field = value.ToArray(); } = [];

    /// <summary>Hardware address: <c>02:42:0a:59:04:02</c>; empty where containers have that of the parent link (ipvlan, macvlan of the mode Passthru).</summary>
    public string MacAddress { get; init; } = "";

    /// <summary>Further names that others on the network find it by.</summary>
    public IReadOnlyList<string> Alias { get; init => field = value.ToArray(); } = [];

    /// <summary>Name of the link inside the container.</summary>
    public string InterfaceName { get; init; } = "";

    /// <summary>Name of the link's other end on the host; null without one.</summary>
    public string? HostInterfaceName { get; init; }

    /// <summary>See <see cref="NetworkAttachment.Priority"/>.</summary>
    public int Priority { get; init; }

    /// <summary>Bytes that the container received; null while it does not run.</summary>
    public long? ReceivedBytes { get; init; }

    /// <summary>Bytes that the container sent; null while it does not run.</summary>
    public long? SentBytes { get; init; }

    /// <summary>Packets that the container received; null while it does not run.</summary>
    public long? ReceivedPackets { get; init; }

    /// <summary>Packets that the container sent; null while it does not run.</summary>
    public long? SentPackets { get; init; }

    /// <summary>Packets of either direction that were dropped or damaged; null while it does not run.</summary>
    public long? DroppedPackets { get; init; }

    /// <summary><c>web on shop (10.89.4.3)</c>.</summary>
    public override string ToString() => $"{Container} on {Network} ({string.Join(", ", Address)})";
}
