using System.Net;
using System.Net.Sockets;
using ContainerTools.Linux;
using ContainerTools.Linux.Netlink;
using MacvlanLinkMode = ContainerTools.Linux.Netlink.MacvlanMode;
using IpvlanLinkMode = ContainerTools.Linux.Netlink.IpvlanMode;

namespace ContainerTools.Engine.Networks.Links;

/// <summary>Makes and removes the links of containers.</summary>
internal sealed class EndpointLinks(HostNetwork host)
{
    private const int Loopback = 1;

    /// <summary>Tells the kernel what links of the calling thread's new namespace shall be like, sets its loopback up, and leaves a socket of it.</summary>
    public static NetlinkSocket Prepare(bool withIPv6)
    {
        // No router: a container on two networks is no way around their isolation, though a new namespace begins with the host's setting. And no detours: a neighbour's word does not
        // change its routes. Forwarding comes first, because it sets the other (ip-sysctl.rst).
        NetworkSysctl[] settings = [NetworkSysctl.IPv4Forwarding(false), NetworkSysctl.AcceptRedirects("all", false), NetworkSysctl.AcceptRedirects("default", false)];
        if (File.Exists("/proc/sys/net/ipv6/conf/default/accept_dad"))
        {
            // Nobody else can have the addresses: without their detection they can be used at once.
            settings = [.. settings, .. (NetworkSysctl[])(withIPv6 ? [NetworkSysctl.DuplicateAddressDetection("default", false), NetworkSysctl.AcceptIPv6Redirects("default", false), NetworkSysctl.AcceptRouterAdvertisements("default", 0)] : [NetworkSysctl.DisableIPv6("default", true)])];
        }

        Array.ForEach(settings, setting => setting.Write());
        var links = NetlinkSocket.Open();
        try
        {
            links.Execute(LinkRequest.Change(Loopback, new LinkChange { Up = true }));
            return links;
        }
        catch
        {
            links.Dispose();
            throw;
        }
    }

    /// <summary>Connects an endpoint; when it throws, what it made is gone with the container's namespace, or by <see cref="Disconnect"/>.</summary>
    /// <param name="plan">What is to be.</param>
    /// <param name="container">The container's namespace.</param>
    /// <param name="inside">A socket in it.</param>
    /// <param name="index">Index that the link of a bridge network gets inside; unused there.</param>
    /// <param name="bridge">Index of the network's bridge, where it has one.</param>
    public void Connect(EndpointPlan plan, NetworkNamespace container, NetlinkSocket inside, int index, int bridge)
    {
        if (plan.Network.IsBridge)
        {
            MakeVeth(plan, inside, index);
            inside.Execute([.. Inside(plan, index)]);
            Attach(plan, bridge);
        }
        else
        {
            MakeUpon(plan, container, inside);
        }
    }

    /// <summary>Makes the host's end of an endpoint's link a port of the bridge.</summary>
    public void Attach(EndpointPlan plan, int bridge)
    {
        host.Links.Execute(LinkRequest.Change(plan.HostInterfaceName, new LinkChange { Master = bridge, Up = true }), PortRequest(plan));
        if (plan.Network.Spec.Vlan is { } vlan)
        {
            var port = host.Links.FindLink(plan.HostInterfaceName) ?? throw new LinuxException(LinuxError.NoDevice, "RTM_GETLINK", plan.HostInterfaceName);
            host.Links.Execute(LinkRequest.JoinVlan(port.Index, vlan, isBridge: false));
        }
    }

    private static NetlinkRequest PortRequest(EndpointPlan plan) =>
        LinkRequest.Change(plan.HostInterfaceName, new BridgePort { Isolated = !plan.Network.Spec.Icc || plan.ByHost, Hairpin = BridgeNetfilter() });

    /// <summary>Leads what a running container sends to its own subnets by the host, or to the link again, as the plan says.</summary>
    public void Redirect(EndpointPlan plan, NetlinkSocket inside)
    {
        if (inside.FindLink(plan.InterfaceName) is not { } link)
        {
            return;
        }

        foreach (var (_, subnet) in plan.Addresses)
        {
            var byHost = ByHost(subnet, link.Index).ToList();
            var direct = new Route(subnet.Network) { Link = link.Index };
            _ = inside.TryExecute(RouteRequest.Delete(new Route(subnet.Network) { Link = link.Index }));
            inside.Execute(plan.ByHost ? [.. byHost.Select(RouteRequest.Add)] : [RouteRequest.Add(direct)]);
            if (!plan.ByHost)
            {
                _ = inside.TryExecute(RouteRequest.Delete(byHost[0]));
            }
        }

        host.Links.Execute(PortRequest(plan));
    }

    /// <summary>Takes an endpoint's link away, which takes its other end along; nothing happens when there is none.</summary>
    public static void Disconnect(string interfaceName, NetlinkSocket inside)
    {
        if (inside.TryExecute(LinkRequest.Delete(interfaceName))[0] is { Errno: not LinuxError.NoDevice } error)
        {
            throw error;
        }
    }

    /// <summary>The requests that lead a container's packets by the network: its default routes.</summary>
    public static IEnumerable<NetlinkRequest> DefaultRoutes(EndpointPlan plan, int index) => plan.HasDefaultRoute
        ? plan.Addresses.Select(item => item.Subnet).DistinctBy(subnet => subnet.Family).Select(subnet => RouteRequest.Add(new Route(Everywhere(subnet.Family))
        {
            // An ipvlan of layer 3 has nobody to ask for a hardware address.
            Gateway = plan.Network.Spec is { Driver: NetworkDriver.Ipvlan, IpvlanMode: not IpvlanMode.L2 } ? null : subnet.Gateway,
            Link = index,
        }))
        : [];

    // The kernel takes a namespace down in its own time after the last has left it: a container that starts again at once may find the host's end of its last link.
    private void MakeVeth(EndpointPlan plan, NetlinkSocket inside, int index)
    {
        var request = Veth(plan, index);
        switch (inside.TryExecute(request)[0])
        {
            case null:
                return;
            case { Errno: LinuxError.Exists }:
                _ = host.Links.TryExecute(LinkRequest.Delete(plan.HostInterfaceName));
                inside.Execute(request);
                return;
            case { } error:
                throw error;
        }
    }

    private NetlinkRequest Veth(EndpointPlan plan, int index) => LinkRequest.Create(
        new NewLink(plan.InterfaceName, new VethKind(new VethPeer(plan.HostInterfaceName) { Namespace = host.Namespace, Mtu = plan.Network.Spec.Mtu }))
        {
            Index = index,
            Address = plan.MacAddress,
            Mtu = plan.Network.Spec.Mtu,
        });

    // Linux 6.1 refuses a new link whose index, or else whose name, a link of the asking namespace has, even when it is made in another: so it begins with a name that is unique there,
    // and with an index of the kernel's choice.
    private void MakeUpon(EndpointPlan plan, NetworkNamespace container, NetlinkSocket inside)
    {
        host.Links.Execute(Upon(plan, container));
        var index = inside.FindLink(plan.HostInterfaceName)?.Index ?? throw new LinuxException(LinuxError.NoDevice, "RTM_GETLINK", plan.HostInterfaceName);
        if (inside.TryExecute(LinkRequest.Change(index, new LinkChange { Name = plan.InterfaceName }))[0] is { } error)
        {
            _ = inside.TryExecute(LinkRequest.Delete(index));
            throw error;
        }

        if (plan.Endpoint.IPv6 is not null && !plan.Network.Spec.Internal)
        {
            // On a network that is not the engine's, its routers may know more.
            container.Apply(NetworkSysctl.AcceptRouterAdvertisements(plan.InterfaceName, 1));
        }

        inside.Execute([.. Inside(plan, index)]);
    }

    private NetlinkRequest Upon(EndpointPlan plan, NetworkNamespace container)
    {
        var spec = plan.Network.Spec;
        var parent = host.Links.FindLink(plan.Network.Upon!)?.Index ?? throw NetworkErrors.ParentNotFound(plan.Network.Upon!);
        LinkKind kind = spec.Driver == NetworkDriver.Macvlan
            ? new MacvlanKind(parent, spec.MacvlanMode switch
            {
                MacvlanMode.Private => MacvlanLinkMode.Private,
                MacvlanMode.Vepa => MacvlanLinkMode.Vepa,
                MacvlanMode.Passthru => MacvlanLinkMode.Passthru,
                _ => MacvlanLinkMode.Bridge,
            })
            : new IpvlanKind(parent, spec.IpvlanMode switch { IpvlanMode.L3 => IpvlanLinkMode.L3, IpvlanMode.L3S => IpvlanLinkMode.L3S, _ => IpvlanLinkMode.L2 });
        return LinkRequest.Create(new NewLink(plan.HostInterfaceName, kind)
        {
            Namespace = container,
            Mtu = spec.Mtu,
            Address = plan.Network.HasHardwareAddresses ? plan.MacAddress : null,
        });
    }

    private static IEnumerable<NetlinkRequest> Inside(EndpointPlan plan, int index)
    {
        foreach (var (address, subnet) in plan.Addresses)
        {
            var flags = subnet.Family == AddressFamily.InterNetworkV6 ? AddressFlags.NoDuplicateDetection : AddressFlags.None;
            yield return AddressRequest.Add(new LinkAddress(index, address, subnet.Network.PrefixLength)
            {
                Broadcast = subnet.Family == AddressFamily.InterNetwork ? Addresses.AddressNumbers.ToAddress(Addresses.AddressNumbers.Last(subnet.Network), subnet.Family) : null,
                Flags = plan.ByHost ? flags | AddressFlags.NoPrefixRoute : flags,
            });
        }

        yield return LinkRequest.Change(index, new LinkChange { Up = true });
        if (plan.ByHost)
        {
            foreach (var route in plan.Addresses.SelectMany(item => ByHost(item.Subnet, index)))
            {
                yield return RouteRequest.Add(route);
            }
        }

        foreach (var route in plan.Network.Spec.Route)
        {
            yield return RouteRequest.Add(new Route(IPNetwork.Parse(route.Destination)) { Gateway = IPAddress.Parse(route.Gateway), Link = index, Metric = (uint?)route.Metric });
        }

        foreach (var route in DefaultRoutes(plan, index))
        {
            yield return route;
        }
    }

    // The gateway on the link, the rest of the subnet by the gateway.
    private static IEnumerable<Route> ByHost(Addresses.Subnet subnet, int index) =>
        [new Route(Only(subnet.Gateway)) { Link = index }, new Route(subnet.Network) { Gateway = subnet.Gateway, Link = index, OnLink = true }];

    private static IPNetwork Only(IPAddress address) => new(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    private static IPNetwork Everywhere(AddressFamily family) => new(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);

    // br_netfilter shows bridged packets to the host's rules, and turns a container's packets to its own published port round at the port itself.
    private static bool BridgeNetfilter() => Directory.Exists("/proc/sys/net/bridge");
}
