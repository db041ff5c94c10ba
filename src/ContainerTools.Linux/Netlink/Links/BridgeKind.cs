namespace ContainerTools.Linux.Netlink;

/// <summary>A software bridge, as the kernel makes it: without spanning tree and without VLANs (linux/if_link.h, IFLA_BR_*).</summary>
public sealed record BridgeKind() : LinkKind("bridge")
{
    private const int ForwardDelayAttribute = 1;
    private const int MulticastSnoopingAttribute = 23;
    private const int TicksPerSecond = 100; // USER_HZ

    /// <summary>How long a new port only listens, in steps of 10 ms. Zero lets a container talk at once; the kernel's own choice is 15 s.</summary>
    public TimeSpan ForwardDelay { get; init; }

    /// <summary>Multicast goes only to the ports that asked for it (IGMP, MLD); null leaves it to the kernel, which does.</summary>
    public bool? MulticastSnooping { get; init; }

    internal override void WriteOptions(NetlinkWriter writer)
    {
        writer.Number(ForwardDelayAttribute, checked((uint)(ForwardDelay.TotalSeconds * TicksPerSecond)));
        if (MulticastSnooping is { } snooping)
        {
            writer.Flag(MulticastSnoopingAttribute, snooping);
        }
    }
}
