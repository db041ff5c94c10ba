using System.Net.NetworkInformation;

namespace ContainerTools.Linux.Netlink;

/// <summary>A link as the kernel reported it.</summary>
public sealed record Link
{
    /// <summary>Index, unique in its network namespace and never given again soon.</summary>
    public required int Index { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Kind, such as <c>bridge</c> or <c>veth</c>; null for the loopback and for hardware.</summary>
    public string? Kind { get; init; }

    /// <summary>Index of the bridge (or bond, VRF) it is a port of, or null.</summary>
    public int? Master { get; init; }

    /// <summary>Index of the link it is put upon, or of the other end of a veth pair, counted in that link's namespace; null without one.</summary>
    public int? Parent { get; init; }

    /// <summary>Largest packet in bytes.</summary>
    public required int Mtu { get; init; }

    /// <summary>Hardware address, or null when its kind has none.</summary>
    public PhysicalAddress? Address { get; init; }

    /// <summary>It was set up (IFF_UP).</summary>
    public required bool IsUp { get; init; }

    /// <summary>It is set up, and so is what it is connected to (IFF_LOWER_UP).</summary>
    public required bool HasCarrier { get; init; }

    /// <summary>Whether packets go through.</summary>
    public LinkState State { get; init; }

    /// <summary>The number it has in common with others, see <see cref="LinkSettings.Group"/>.</summary>
    public int Group { get; init; }

    /// <summary>Free text that the kernel keeps for the link, or null.</summary>
    public string? Alias { get; init; }

    /// <summary>Counters since it was made.</summary>
    public LinkStatistics Statistics { get; init; }

    /// <summary>Of a bridge, whether it keeps VLANs apart; of others null.</summary>
    public bool? VlanFiltering { get; init; }

    /// <summary>Of a link of the kind <c>vlan</c>, the VLAN's number; of others null.</summary>
    public int? VlanId { get; init; }

    /// <summary>Options as a bridge's port, or null when it is none.</summary>
    public BridgePort? Port { get; init; }
}
