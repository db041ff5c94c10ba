namespace ContainerTools.Linux.Netlink;

/// <summary>A link with a hardware address of its own upon another link.</summary>
/// <param name="Parent">Index of the other link, in the namespace of the socket.</param>
/// <param name="Mode">Whom it can talk to.</param>
public sealed record MacvlanKind(int Parent, MacvlanMode Mode) : LinkKind("macvlan")
{
    private const int ModeAttribute = 1; // IFLA_MACVLAN_MODE

    internal override int? LowerLink => Parent;

    internal override void WriteOptions(NetlinkWriter writer) => writer.Number(ModeAttribute, (uint)Mode);
}
