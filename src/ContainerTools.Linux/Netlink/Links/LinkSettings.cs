using System.Net.NetworkInformation;

namespace ContainerTools.Linux.Netlink;

/// <summary>What a link can be given both when it is made and when it is changed. What is null stays as it is, or is the kernel's choice.</summary>
public abstract record LinkSettings
{
    private protected LinkSettings()
    {
    }

    /// <summary>Hardware address.</summary>
    public PhysicalAddress? Address { get; init; }

    /// <summary>Largest packet in bytes.</summary>
    public int? Mtu { get; init; }

    /// <summary>A number that links can have in common, by which rules can know them (<c>iifgroup</c> of nft(8), /etc/iproute2/group); 0 is the default.</summary>
    public int? Group { get; init; }

    /// <summary>The network namespace it is made in or moved to. A link that moves loses its addresses and routes, and is down.</summary>
    public NetworkNamespace? Namespace { get; init; }

    private protected void WriteShared(NetlinkWriter writer)
    {
        if (Address is { } address)
        {
            writer.Attribute(LinkAttribute.Address, address.GetAddressBytes());
        }

        if (Mtu is { } mtu)
        {
            writer.Number(LinkAttribute.Mtu, mtu);
        }

        if (Group is { } group)
        {
            writer.Number(LinkAttribute.Group, group);
        }

        if (Namespace is { } network)
        {
            writer.Number(LinkAttribute.NamespaceDescriptor, network.DescriptorNumber);
        }
    }
}
