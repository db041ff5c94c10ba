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
    public const ushort GetGeneration = 16;

    /// <summary>The kernel's name of a type, for errors.</summary>
    public static string Name(int type) => type switch
    {
        NewTable => "NFT_MSG_NEWTABLE",
        GetTable => "NFT_MSG_GETTABLE",
        DeleteTable => "NFT_MSG_DELTABLE",
        NewChain => "NFT_MSG_NEWCHAIN",
        NewRule => "NFT_MSG_NEWRULE",
        NewSetElement => "NFT_MSG_NEWSETELEM",
        DeleteSetElement => "NFT_MSG_DELSETELEM",
        GetGeneration => "NFT_MSG_GETGEN",
        _ => FormattableString.Invariant($"nftables message {type}"),
    };
}
