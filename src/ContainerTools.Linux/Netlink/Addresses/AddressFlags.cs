namespace ContainerTools.Linux.Netlink;

/// <summary>Flags of an address on a link (linux/if_addr.h, IFA_F_*).</summary>
[Flags]
public enum AddressFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>IPv4: another address of the same network came first. IPv6: a temporary one (RFC 8981).</summary>
    Secondary = 0x01,

    /// <summary>IPv6: usable at once, without duplicate address detection, which takes a second or two.</summary>
    NoDuplicateDetection = 0x02,

    /// <summary>IPv6: usable while its detection goes on (RFC 4429).</summary>
    Optimistic = 0x04,

    /// <summary>IPv6: somebody else has it.</summary>
    DuplicateFound = 0x08,

    /// <summary>Used only for what is bound to it.</summary>
    Deprecated = 0x20,

    /// <summary>IPv6: its detection goes on; it cannot be used yet.</summary>
    Tentative = 0x40,

    /// <summary>It does not expire.</summary>
    Permanent = 0x80,

    /// <summary>The route to its network is not made along with it.</summary>
    NoPrefixRoute = 0x200,
}
