namespace ContainerTools.Linux.Netlink;

/// <summary>Where packets of an ipvlan link are handled (linux/if_link.h, IPVLAN_MODE_*).</summary>
public enum IpvlanMode
{
    /// <summary>As on Ethernet, with broadcast and multicast.</summary>
    L2 = 0,

    /// <summary>Routed by the namespace of the link below; neither broadcast nor multicast.</summary>
    L3 = 1,

    /// <summary>As <see cref="L3"/>, seen by that namespace's connection tracking (Linux 4.9).</summary>
    L3S = 2,
}
