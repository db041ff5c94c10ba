namespace ContainerTools.Linux.Netlink;

/// <summary>Whom a macvlan link can talk to (linux/if_link.h, MACVLAN_MODE_*).</summary>
public enum MacvlanMode
{
    /// <summary>Not to others upon the same link.</summary>
    Private = 1,

    /// <summary>To others only by way of a switch that sends packets back (IEEE 802.1Qbg).</summary>
    Vepa = 2,

    /// <summary>To others directly.</summary>
    Bridge = 4,

    /// <summary>It takes the link over whole; there are no others.</summary>
    Passthru = 8,
}
