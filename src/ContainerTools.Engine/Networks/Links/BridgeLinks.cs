using System.Net;
using System.Net.Sockets;
using ContainerTools.Engine.Networks.Addresses;
using ContainerTools.Linux;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks.Links;

/// <summary>Bridges of networks on the host.</summary>
/// <param name="host">The host's namespace.</param>
/// <param name="owner">What tells the store from others on this host; it stands in the alias of its bridges.</param>
internal sealed class BridgeLinks(HostNetwork host, string owner)
{
    /// <summary>Index of the network's bridge if it is complete; null when it is missing or half made. Throws <c>InterfaceNameInUse</c> when the name is another link's.</summary>
    public int? Find(NetworkRecord network)
    {
        var link = host.Links.FindLink(network.Bridge);
        return link switch
        {
            null => null,
            { Kind: "bridge" } when link.Alias == AliasOf(network.Id) && link.IsUp => link.Index,
            { Kind: "bridge" } when link.Alias is null or "" && network.Spec.InterfaceName is null => null,
            { Kind: "bridge" } when link.Alias == AliasOf(network.Id) => null,
            _ => throw new ContainerToolsException(
                ErrorKind.Conflict,
                "InterfaceNameInUse",
                $"The host has a link '{network.Bridge}' that is not the bridge of the network '{network.Name}'.",
                network.Bridge,
                "Remove or rename that link, or make the network with another -InterfaceName."),
        };
    }

    /// <summary>As <see cref="Find"/>, but null too when the bridge is not in the VRF of the network or does not keep VLANs apart: then it carries packets, and rules must stand.</summary>
    public int? FindWhole(NetworkRecord network) =>
        Find(network) is { } index
        && (network.Spec is { Vrf: null, Vlan: null } || (host.Links.FindLink(index) is { } link && IsInVrf(network.Spec.Vrf, link) && (network.Spec.Vlan is null || link.VlanFiltering == true)))
            ? index
            : null;

    /// <summary>Makes the bridge, or makes it whole; the caller holds the lock on networks. Its alias comes last and says that it is complete.</summary>
    /// <returns>Its index.</returns>
    public int Make(NetworkRecord network)
    {
        if (host.Links.FindLink(network.Bridge) is null)
        {
            host.Links.Execute(LinkRequest.Create(new NewLink(network.Bridge, new BridgeKind())
            {
                Mtu = network.Spec.Mtu,

                // With an address of its own it does not take that of its lowest port, which changes as containers come and go.
                Address = MacAddresses.For(network.Subnets[0].Gateway),
            }));
        }

        var link = host.Links.FindLink(network.Bridge) ?? throw new LinuxException(LinuxError.NoDevice, "RTM_GETLINK", network.Bridge);
        host.Namespace.Apply([.. Settings(network)]);

        // Before its addresses: to enter a VRF the kernel sets a link down and up, which takes those of IPv6.
        host.Links.Execute([.. Memberships(network, link.Index)]);
        var present = host.Links.GetAddresses(link.Index).Select(address => address.Address).ToHashSet();
        host.Links.Execute(
        [
            .. Addresses(network, link.Index).Where(address => !present.Contains(address.Address)).Select(AddressRequest.Add),
            LinkRequest.Change(link.Index, new LinkChange { Up = true, Group = FirewallTable.LinkGroup }),
        ]);
        return link.Index;
    }

    /// <summary>Marks the bridge as complete.</summary>
    public void Complete(NetworkRecord network, int index) => host.Links.Execute(LinkRequest.Change(index, new LinkChange { Alias = AliasOf(network.Id) }));

    /// <summary>Removes the bridge; nothing happens when there is none.</summary>
    public void Remove(NetworkRecord network)
    {
        if (host.Links.FindLink(network.Bridge) is { Kind: "bridge" } link && (link.Alias == AliasOf(network.Id) || network.Spec.InterfaceName is null))
        {
            _ = host.Links.TryExecute(LinkRequest.Delete(link.Index));
        }
    }

    /// <summary>Bridges of this store, complete ones, with the ids of their networks.</summary>
    public IReadOnlyList<(string Name, string NetworkId)> List() =>
    [
        .. host.Links.GetLinks()
            .Where(link => link is { Kind: "bridge", Alias: { } alias } && alias.StartsWith(AliasOf(""), StringComparison.Ordinal))
            .Select(link => (link.Name, link.Alias![AliasOf("").Length..])),
    ];

    private string AliasOf(string networkId) => $"{owner} {networkId}";

    private bool IsInVrf(string? vrf, Link link) => vrf is null || (link.Master is { } master && host.Links.FindLink(master) is { Kind: "vrf" } found && found.Name == vrf);

    private IEnumerable<NetlinkRequest> Memberships(NetworkRecord network, int index)
    {
        if (network.Spec.Vrf is { } vrf)
        {
            yield return LinkRequest.Change(index, new LinkChange { Master = LinkRequirements.Vrf(host, vrf).Index });
        }

        if (network.Spec.Vlan is { } vlan)
        {
            // No default: a port that the administrator adds, such as an uplink, would be a member without tags, and its own network one with that of the containers.
            yield return LinkRequest.Change(index, new BridgeKind { VlanFiltering = true, DefaultVlan = 0 });
            yield return LinkRequest.JoinVlan(index, vlan, isBridge: true);
        }
    }

    private static IEnumerable<NetworkSysctl> Settings(NetworkRecord network)
    {
        if (network.Spec.GatewayMode == GatewayMode.Isolated)
        {
            if (HasIPv6())
            {
                yield return NetworkSysctl.DisableIPv6(network.Bridge, true);
            }

            yield break;
        }

        // Packets to ports on 127.0.0.1 go out by the bridge with a source of 127.0.0.1 until the rules translate it.
        yield return NetworkSysctl.RouteLocalnet(network.Bridge, true);
        if (HasIPv6())
        {
            var used = network.Subnets.Any(subnet => subnet.Family == AddressFamily.InterNetworkV6);
            yield return NetworkSysctl.DisableIPv6(network.Bridge, !used);

            // Until its link-local address is confirmed, some 2 s, packets to containers from addresses of other links are lost.
            yield return NetworkSysctl.DuplicateAddressDetection(network.Bridge, false);
            yield return NetworkSysctl.AcceptRouterAdvertisements(network.Bridge, 0);
        }
    }

    private static IEnumerable<LinkAddress> Addresses(NetworkRecord network, int index) => network.Spec.GatewayMode == GatewayMode.Isolated
        ? []
        : network.Subnets.Select(subnet => new LinkAddress(index, subnet.Gateway, subnet.Network.PrefixLength)
        {
            Broadcast = subnet.Family == AddressFamily.InterNetwork ? subnet.Network.Last().ToAddress(subnet.Family) : null,
            Flags = subnet.Family == AddressFamily.InterNetworkV6 ? AddressFlags.NoDuplicateDetection : AddressFlags.None,
        });

    private static bool HasIPv6() => Directory.Exists("/proc/sys/net/ipv6");
}
