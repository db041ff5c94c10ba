using System.Globalization;

namespace ContainerTools.Linux.Netlink;

/// <summary>Requests that make, change and delete links.</summary>
public static class LinkRequest
{
    private const ushort Acknowledged = NetlinkRequest.Request | NetlinkRequest.Acknowledge;

    /// <summary>Makes a link; EEXIST when there is one of that name.</summary>
    /// <exception cref="ArgumentException">No link can have that name, or the peer's; or only the peer is given an index.</exception>
    public static NetlinkRequest Create(NewLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        if (link is { Index: null, Kind: VethKind { Peer.Index: not null } })
        {
            // drivers/net/veth.c: the peer's index counts only if this end has one
            throw new ArgumentException($"The peer of '{link.Name}' can be given an index only if '{link.Name}' is given one too.", nameof(link));
        }

        var writer = new NetlinkWriter(RouteMessageType.NewLink, Acknowledged | NetlinkRequest.Create | NetlinkRequest.Exclusive);
        link.Write(writer);
        return new NetlinkRequest($"RTM_NEWLINK {link.Kind.Name}", link.Name, writer, link.Namespace, link.Kind.OtherNamespace);
    }

    /// <summary>Changes a link; ENODEV when there is none.</summary>
    /// <exception cref="ArgumentException">A link that goes by name is given another (rtnetlink renames by index only), or one that no link can have.</exception>
    public static NetlinkRequest Change(LinkReference link, LinkChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (link.Name is not null && change.Name is not null)
        {
            throw new ArgumentException($"'{link}' can be renamed to '{change.Name}' only by its index; look it up first.", nameof(change));
        }

        var writer = new NetlinkWriter(RouteMessageType.SetLink, Acknowledged);
        change.Write(writer, link);
        return new NetlinkRequest("RTM_SETLINK", link.ToString(), writer, change.Namespace);
    }

    /// <summary>Changes the options of a bridge's port; ENODEV when there is no such link, EOPNOTSUPP when it is no port.</summary>
    public static NetlinkRequest Change(LinkReference link, BridgePort port)
    {
        ArgumentNullException.ThrowIfNull(port);
        NetlinkWriter writer = Begin(RouteMessageType.NewLink, Acknowledged, link);
        int info = writer.Begin(LinkAttribute.LinkInfo);
        writer.Text(LinkAttribute.InfoPortKind, "bridge");
        int data = writer.Begin(LinkAttribute.InfoPortData);
        if (port.Isolated is { } isolated)
        {
            writer.Flag(BridgePort.IsolatedAttribute, isolated);
        }

        if (port.Hairpin is { } hairpin)
        {
            writer.Flag(BridgePort.HairpinAttribute, hairpin);
        }

        writer.End(data);
        writer.End(info);
        return new NetlinkRequest("RTM_NEWLINK bridge port", link.ToString(), writer);
    }

    /// <summary>Changes the options of a bridge; ENODEV when there is no such link.</summary>
    public static NetlinkRequest Change(LinkReference link, BridgeKind options)
    {
        ArgumentNullException.ThrowIfNull(options);
        NetlinkWriter writer = Begin(RouteMessageType.NewLink, Acknowledged, link);
        int info = writer.Begin(LinkAttribute.LinkInfo);
        writer.Text(LinkAttribute.InfoKind, options.Name);
        int data = writer.Begin(LinkAttribute.InfoData);
        options.WriteOptions(writer);
        writer.End(data);
        writer.End(info);
        return new NetlinkRequest("RTM_NEWLINK bridge options", link.ToString(), writer);
    }

    /// <summary>
    /// Makes a bridge's port, or the bridge's own end, a member of a VLAN whose frames have no tag there, in both directions (<c>pvid untagged</c> of bridge(8)). EOPNOTSUPP when it is neither, or
    /// the kernel has no CONFIG_BRIDGE_VLAN_FILTERING.
    /// </summary>
    /// <param name="index">Index of the port or the bridge.</param>
    /// <param name="vlan">The VLAN, 1 to 4094; EINVAL for others.</param>
    /// <param name="isBridge">Whether it is the bridge.</param>
    public static NetlinkRequest JoinVlan(int index, int vlan, bool isBridge)
    {
        const int FlagsAttribute = 0; // IFLA_BRIDGE_FLAGS: whose the message is, the bridge's that has the port, or the link's own
        const int VlanAttribute = 2;  // IFLA_BRIDGE_VLAN_INFO
        const ushort OfPort = 1;
        const ushort OfBridge = 2;
        const ushort IncomingAndUntagged = 0x2 | 0x4; // struct bridge_vlan_info: 16 bits of flags, then the VLAN
        ArgumentOutOfRangeException.ThrowIfLessThan(index, 1);
        var writer = new NetlinkWriter(RouteMessageType.SetLink, Acknowledged);
        LinkMessage.WriteHeader(writer, index, up: null, AddressFamilyNumber.Bridge);
        int specific = writer.Begin(LinkAttribute.FamilySpecific);
        writer.Number(FlagsAttribute, isBridge ? OfBridge : OfPort);
        writer.Attribute(VlanAttribute, [.. BitConverter.GetBytes(IncomingAndUntagged), .. BitConverter.GetBytes(checked((ushort)vlan))]);
        writer.End(specific);
        return new NetlinkRequest(string.Create(CultureInfo.InvariantCulture, $"RTM_SETLINK bridge VLAN {vlan}"), ((LinkReference)index).ToString(), writer);
    }

    /// <summary>Deletes a link; ENODEV when there is none. The other end of a veth pair goes with it.</summary>
    public static NetlinkRequest Delete(LinkReference link) =>
        new("RTM_DELLINK", link.ToString(), Begin(RouteMessageType.DeleteLink, Acknowledged, link));

    internal static NetlinkRequest Get(LinkReference link) => new("RTM_GETLINK", link.ToString(), Begin(RouteMessageType.GetLink, Acknowledged, link));

    internal static NetlinkRequest GetAll()
    {
        var writer = new NetlinkWriter(RouteMessageType.GetLink, NetlinkRequest.Request | NetlinkRequest.Dump);
        LinkMessage.WriteHeader(writer, index: 0, up: null);
        return new NetlinkRequest("RTM_GETLINK", "links", writer);
    }

    private static NetlinkWriter Begin(ushort type, ushort flags, LinkReference link)
    {
        var writer = new NetlinkWriter(type, flags);
        LinkMessage.WriteHeader(writer, link.Index, up: null);
        if (link.Name is { } name)
        {
            writer.Text(LinkAttribute.Name, name);
        }

        return writer;
    }
}
