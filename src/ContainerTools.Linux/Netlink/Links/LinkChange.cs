using System.Text;

namespace ContainerTools.Linux.Netlink;

/// <summary>What is changed of a link. What is null stays as it is.</summary>
public sealed record LinkChange : LinkSettings
{
    /// <summary>New name, see <see cref="LinkName"/>; the link must then go by index. Before Linux 6.2 only a link that is down can be renamed.</summary>
    public string? Name { get; init; }

    /// <summary>Index of the bridge it becomes a port of; 0 takes it out of its bridge.</summary>
    public int? Master { get; init; }

    /// <summary>Free text that the kernel keeps for the link, up to 255 bytes; empty removes it.</summary>
    public string? Alias { get; init; }

    /// <summary>True sets it up, false down.</summary>
    public bool? Up { get; init; }

    internal void Write(NetlinkWriter writer, LinkReference link)
    {
        LinkMessage.WriteHeader(writer, link.Index, Up);
        if ((link.Name ?? Name) is { } name)
        {
            writer.Text(LinkAttribute.Name, LinkName.Check(name));
        }

        WriteShared(writer);
        if (Master is { } master)
        {
            writer.Number(LinkAttribute.Master, master);
        }

        if (Alias is { } alias)
        {
            // Without the NUL: the kernel keeps the alias with its length, and removes it when that is zero.
            writer.Attribute(LinkAttribute.Alias, Encoding.UTF8.GetBytes(alias));
        }
    }
}
