namespace ContainerTools.Linux.Netlink;

/// <summary>A link to be made. The kernel takes no alias at this point; <see cref="LinkChange"/> gives it one.</summary>
/// <param name="Name">Its name, see <see cref="LinkName"/>.</param>
/// <param name="Kind">Its kind, with the options of that kind.</param>
public sealed record NewLink(string Name, LinkKind Kind) : LinkSettings
{
    /// <summary>Its index (Linux 3.7), so that requests of the same batch can refer to it; EEXIST when it is taken, which older kernels (6.1) look up in the namespace of the socket instead of the link's. Null is the kernel's choice.</summary>
    public int? Index { get; init; }

    /// <summary>Index of the bridge it becomes a port of.</summary>
    public int? Master { get; init; }

    /// <summary>Set it up at once.</summary>
    public bool Up { get; init; }

    internal void Write(NetlinkWriter writer)
    {
        LinkMessage.WriteHeader(writer, Index ?? 0, Up ? true : null);
        writer.Text(LinkAttribute.Name, LinkName.Check(Name));
        WriteShared(writer);
        if (Master is { } master)
        {
            writer.Number(LinkAttribute.Master, master);
        }

        if (Kind.LowerLink is { } lower)
        {
            writer.Number(LinkAttribute.Link, lower);
        }

        int info = writer.Begin(LinkAttribute.LinkInfo);
        writer.Text(LinkAttribute.InfoKind, Kind.Name);
        int options = writer.Begin(LinkAttribute.InfoData);
        Kind.WriteOptions(writer);
        writer.End(options);
        writer.End(info);
    }
}
