namespace ContainerTools.Linux.Netlink;

/// <summary>The other end of a veth pair to be made. It can be set up only when the pair is complete, by a <see cref="LinkChange"/>.</summary>
/// <param name="Name">Its name, see <see cref="LinkName"/>.</param>
public sealed record VethPeer(string Name) : LinkSettings
{
    /// <summary>Its index in its namespace; EBUSY when it is taken. Only together with <see cref="NewLink.Index"/>: without it the kernel passes this one over.</summary>
    public int? Index { get; init; }

    internal void Write(NetlinkWriter writer)
    {
        LinkMessage.WriteHeader(writer, Index ?? 0, up: null);
        writer.Text(LinkAttribute.Name, LinkName.Check(Name));
        WriteShared(writer);
    }
}
