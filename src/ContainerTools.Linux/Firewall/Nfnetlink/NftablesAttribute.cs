namespace ContainerTools.Linux.Firewall.Nfnetlink;

/// <summary>Attributes of tables, chains and rules (linux/netfilter/nf_tables.h, NFTA_*).</summary>
internal static class NftablesAttribute
{
    public const int TableName = 1;
    public const int ChainTable = 1;
    public const int ChainName = 3;
    public const int ChainHook = 4;
    public const int ChainType = 7;
    public const int HookNumber = 1;
    public const int HookPriority = 2;
    public const int RuleTable = 1;
    public const int RuleChain = 2;
    public const int RuleExpressions = 4;
}
