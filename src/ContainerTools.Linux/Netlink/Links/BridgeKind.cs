namespace ContainerTools.Linux.Netlink;

/// <summary>A software bridge, as the kernel makes it: without spanning tree and, unless told otherwise, without VLANs (linux/if_link.h, IFLA_BR_*).</summary>
public sealed record BridgeKind() : LinkKind("bridge")
{
    internal const int VlanFilteringAttribute = 7;
    private const int ForwardDelayAttribute = 1;
    private const int MulticastSnoopingAttribute = 23;
    private const int DefaultVlanAttribute = 39; // IFLA_BR_VLAN_DEFAULT_PVID
    private const int TicksPerSecond = 100; // USER_HZ

    /// <summary>How long a new port only listens, in steps of 10 ms. Zero lets a container talk at once; the kernel's own choice is 15 s.</summary>
    public TimeSpan ForwardDelay { get; init; }

    /// <summary>Multicast goes only to the ports that asked for it (IGMP, MLD); null leaves it to the kernel, which does.</summary>
    public bool? MulticastSnooping { get; init; }

    /// <summary>
    /// It keeps VLANs apart: a port takes and gives only frames of those that it is a member of, see <see cref="LinkRequest.JoinVlan"/>. Null leaves it as it is, off at first. EOPNOTSUPP when the
    /// kernel has no CONFIG_BRIDGE_VLAN_FILTERING.
    /// </summary>
    public bool? VlanFiltering { get; init; }

    /// <summary>The VLAN, 1 to 4094, that new ports and the bridge itself are members of without tags; 0 for none. Null leaves it as it is, 1 at first.</summary>
    public int? DefaultVlan { get; init; }

    internal override void WriteOptions(NetlinkWriter writer)
    {
        writer.Number(ForwardDelayAttribute, checked((uint)(ForwardDelay.TotalSeconds * TicksPerSecond)));
        if (MulticastSnooping is { } snooping)
        {
            writer.Flag(MulticastSnoopingAttribute, snooping);
        }

        if (VlanFiltering is { } filtering)
        {
            writer.Flag(VlanFilteringAttribute, filtering);
        }

        if (DefaultVlan is { } vlan)
        {
            writer.Number(DefaultVlanAttribute, checked((ushort)vlan));
        }
    }
}
