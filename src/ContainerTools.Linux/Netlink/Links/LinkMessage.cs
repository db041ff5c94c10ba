using System.Net.NetworkInformation;
using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Netlink;

/// <summary>Layout and reading of link messages (linux/rtnetlink.h: struct ifinfomsg).</summary>
internal static class LinkMessage
{
    private const int HeaderSize = 16;
    private const int IndexOffset = 4;
    private const int FlagsOffset = 8;
    private const int ChangeOffset = 12;

    /// <summary>Writes the header; an index of 0 leaves it to the kernel, or to a name among the attributes.</summary>
    public static void WriteHeader(NetlinkWriter writer, int index, bool? up, byte family = 0)
    {
        Span<byte> header = writer.Take(HeaderSize);
        header[0] = family;
        MemoryMarshal.Write(header[IndexOffset..], index);
        MemoryMarshal.Write(header[FlagsOffset..], up == true ? LinkAttribute.Up : 0);
        MemoryMarshal.Write(header[ChangeOffset..], up is null ? 0 : LinkAttribute.Up);
    }

    public static Link Read(ReadOnlySpan<byte> payload)
    {
        uint flags = MemoryMarshal.Read<uint>(payload[FlagsOffset..]);
        var link = new Link
        {
            Index = MemoryMarshal.Read<int>(payload[IndexOffset..]),
            Name = "",
            Mtu = 0,
            IsUp = (flags & LinkAttribute.Up) != 0,
            HasCarrier = (flags & LinkAttribute.LowerUp) != 0,
        };
        var attributes = new NetlinkAttributes(payload[HeaderSize..]);
        while (attributes.Next())
        {
            link = attributes.Type switch
            {
                LinkAttribute.Name => link with { Name = attributes.Text() },
                LinkAttribute.Mtu => link with { Mtu = attributes.Number<int>() },
                LinkAttribute.Address when attributes.Value.Length > 0 => link with { Address = new PhysicalAddress(attributes.Value.ToArray()) },
                LinkAttribute.Master => link with { Master = attributes.Number<int>() },
                LinkAttribute.Link when attributes.Number<int>() != 0 => link with { Parent = attributes.Number<int>() },
                LinkAttribute.OperationalState => link with { State = (LinkState)attributes.Value[0] },
                LinkAttribute.Group => link with { Group = attributes.Number<int>() },
                LinkAttribute.Alias => link with { Alias = attributes.Text() },
                LinkAttribute.Statistics64 => link with { Statistics = attributes.Number<LinkStatistics>() },
                LinkAttribute.LinkInfo => ReadInfo(link, attributes.Value),
                _ => link,
            };
        }

        return link;
    }

    private static Link ReadInfo(Link link, ReadOnlySpan<byte> info)
    {
        bool isBridgePort = false;
        var attributes = new NetlinkAttributes(info);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case LinkAttribute.InfoKind:
                    link = link with { Kind = attributes.Text() };
                    break;
                case LinkAttribute.InfoData:
                    link = ReadOptions(link, attributes.Value);
                    break;
                case LinkAttribute.InfoPortKind:
                    isBridgePort = attributes.Text() == "bridge";
                    break;
                case LinkAttribute.InfoPortData when isBridgePort:
                    link = link with { Port = BridgePort.Read(attributes.Value) };
                    break;
            }
        }

        return link;
    }

    // The kernel writes the kind before its options.
    private static Link ReadOptions(Link link, ReadOnlySpan<byte> options)
    {
        var attributes = new NetlinkAttributes(options);
        while (attributes.Next())
        {
            link = (link.Kind, attributes.Type) switch
            {
                ("bridge", BridgeKind.VlanFilteringAttribute) => link with { VlanFiltering = attributes.Value[0] != 0 },
                ("vlan", VlanKind.IdAttribute) => link with { VlanId = attributes.Number<ushort>() },
                _ => link,
            };
        }

        return link;
    }
}
