namespace ContainerTools.Linux.Netlink;

/// <summary>One end of a pair of virtual Ethernet links (veth(4)); whichever end is deleted takes the other with it.</summary>
/// <param name="Peer">The other end, made at the same time, in its own namespace if it names one.</param>
public sealed record VethKind(VethPeer Peer) : LinkKind("veth")
{
    private const int PeerAttribute = 1; // VETH_INFO_PEER

    internal override NetworkNamespace? OtherNamespace => Peer.Namespace;

    internal override void WriteOptions(NetlinkWriter writer)
    {
        int peer = writer.BeginStructure(PeerAttribute);
        Peer.Write(writer);
        writer.End(peer);
    }
}
