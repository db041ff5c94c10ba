namespace ContainerTools.Linux.Netlink;

/// <summary>A link with IP addresses of its own, but the hardware address of the link it is put upon (Documentation/networking/ipvlan.rst).</summary>
/// <param name="Parent">Index of the other link, in the namespace of the socket.</param>
/// <param name="Mode">Where its packets are handled.</param>
public sealed record IpvlanKind(int Parent, IpvlanMode Mode) : LinkKind("ipvlan")
{
    private const int ModeAttribute = 1; // IFLA_IPVLAN_MODE

    internal override int? LowerLink => Parent;

    internal override void WriteOptions(NetlinkWriter writer) => writer.Number(ModeAttribute, (ushort)Mode);
}
