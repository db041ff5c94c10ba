namespace ContainerTools.Linux.Firewall.Nfnetlink;

/// <summary>Message types of nftables (linux/netfilter/nf_tables.h, NFT_MSG_*).</summary>
internal static class NftablesMessage
{
    public const ushort NewTable = 0;
    public const ushort GetTable = 1;
    public const ushort DeleteTable = 2;
    public const ushort NewChain = 3;
    public const ushort NewRule = 6;
    public const ushort NewSetElement = 12;
    public const ushort DeleteSetElement = 14;
}
