namespace ContainerTools.Linux.Netlink;

/// <summary>A link that sends and receives the frames of one VLAN of another link (IEEE 802.1Q); the module is 8021q.</summary>
/// <param name="Parent">Index of the other link, in the namespace of the socket. While it is down, the VLAN cannot be set up (ENETDOWN).</param>
/// <param name="Id">The VLAN, 1 to 4094; EEXIST when a link upon the parent has it.</param>
public sealed record VlanKind(int Parent, int Id) : LinkKind("vlan")
{
    internal const int IdAttribute = 1; // IFLA_VLAN_ID

    internal override int? LowerLink => Parent;

    internal override void WriteOptions(NetlinkWriter writer) => writer.Number(IdAttribute, checked((ushort)Id));
}
