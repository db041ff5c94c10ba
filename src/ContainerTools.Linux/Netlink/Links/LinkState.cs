namespace ContainerTools.Linux.Netlink;

/// <summary>Whether packets go through a link (RFC 2863; linux/if.h, IF_OPER_*).</summary>
public enum LinkState
{
    /// <summary>Its driver does not say; the loopback among others.</summary>
    Unknown = 0,

    /// <summary>A part of it is missing.</summary>
    NotPresent = 1,

    /// <summary>It is down.</summary>
    Down = 2,

    /// <summary>The link below is down.</summary>
    LowerLayerDown = 3,

    /// <summary>It is being tested.</summary>
    Testing = 4,

    /// <summary>It waits for something, such as authentication.</summary>
    Dormant = 5,

    /// <summary>It works.</summary>
    Up = 6,
}
