namespace ContainerTools.Linux.Firewall.Nfnetlink;

/// <summary>Families of nftables (linux/netfilter.h, NFPROTO_*).</summary>
internal static class NftablesFamily
{
    public const byte Inet = 1;
    public const byte IPv4 = 2;
    public const byte Bridge = 7;
    public const byte IPv6 = 10;
}
