namespace ContainerTools.Linux.Netlink;

/// <summary>A link that drops what is sent: something to give addresses to.</summary>
public sealed record DummyKind() : LinkKind("dummy")
{
    internal override void WriteOptions(NetlinkWriter writer)
    {
    }
}
