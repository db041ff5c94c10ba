namespace ContainerTools.Linux.Netlink;

/// <summary>Attributes and flags of link messages (linux/if_link.h, IFLA_*; linux/if.h, IFF_*).</summary>
internal static class LinkAttribute
{
    public const int Address = 1;
    public const int Name = 3;
    public const int Mtu = 4;
    public const int Link = 5;
    public const int Master = 10;
    public const int OperationalState = 16;
    public const int LinkInfo = 18;
    public const int Alias = 20;
    public const int Statistics64 = 23;
    public const int FamilySpecific = 26;
    public const int Group = 27;
    public const int NamespaceDescriptor = 28;

    /// <summary>Within <see cref="LinkInfo"/>.</summary>
    public const int InfoKind = 1;
    public const int InfoData = 2;
    public const int InfoPortKind = 4;
    public const int InfoPortData = 5;

    /// <summary>Flags of struct ifinfomsg.</summary>
    public const uint Up = 0x1;
    public const uint LowerUp = 0x10000;
}
