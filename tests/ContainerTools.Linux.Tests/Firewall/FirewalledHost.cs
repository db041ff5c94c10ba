using System.Net;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Tests.Firewall;

/// <summary>
/// A host in a namespace of its own with the networks ct0 (172.30.0.0/24, fd30::/64: containers 2 and 3) and ct1 (172.31.0.0/24, fd31::/64: container 2), and a
/// client outside (192.0.2.9, 2001:db8::9; the host is 192.0.2.1, 2001:db8::1). The client has routes to the containers, as an attacker in the same network can.
/// </summary>
internal sealed class FirewalledHost : IDisposable
{
    private const int InsideIndex = 7;
    private readonly NetlinkSocket _socket;

    /// <summary>Makes the host.</summary>
    /// <param name="bridgedPacketsToo">Whether rules see what bridges switch (br_netfilter), as on hosts of Kubernetes. Nothing differs where the kernel cannot.</param>
    public FirewalledHost(bool bridgedPacketsToo = false)
    {
        Host.Run(() =>
        {
            foreach (var setting in (string[])["/proc/sys/net/bridge/bridge-nf-call-iptables", "/proc/sys/net/bridge/bridge-nf-call-ip6tables"])
            {
                if (File.Exists(setting))
                {
                    BridgedPacketsToo = bridgedPacketsToo;
                    File.WriteAllText(setting, bridgedPacketsToo ? "1" : "0");
                }
            }
        });
        _socket = NetlinkSocket.Open(Host);
        _socket.Execute(LinkRequest.Change("lo", new LinkChange { Up = true }));
        Host.Apply(NetworkSysctl.IPv4Forwarding(true), NetworkSysctl.IPv6Forwarding(true));
        AddLink(Client, "wan", 300, null, "192.0.2", "2001:db8:", 9);
        AddBridge("ct0", 100, "172.30.0", "fd30:");
        AddBridge("ct1", 200, "172.31.0", "fd31:");
        AddLink(One, "port1", 102, 100, "172.30.0", "fd30:", 2);
        AddLink(Two, "port2", 103, 100, "172.30.0", "fd30:", 3);
        AddLink(Elsewhere, "port3", 202, 200, "172.31.0", "fd31:", 2);
        Firewall = new NetworkFirewall(Nftables.Open(), Host);
    }

    public static FirewallNetwork Ct0 { get; } = new() { Bridge = "ct0", Subnets = [IPNetwork.Parse("172.30.0.0/24"), IPNetwork.Parse("fd30::/64")] };

    public static FirewallNetwork Ct1 { get; } = new() { Bridge = "ct1", Subnets = [IPNetwork.Parse("172.31.0.0/24"), IPNetwork.Parse("fd31::/64")] };

    public NetworkNamespace Host { get; } = NetworkNamespace.Create();

    public NetworkNamespace Client { get; } = NetworkNamespace.Create();

    /// <summary>Container 172.30.0.2 of ct0.</summary>
    public NetworkNamespace One { get; } = NetworkNamespace.Create();

    /// <summary>Container 172.30.0.3 of ct0.</summary>
    public NetworkNamespace Two { get; } = NetworkNamespace.Create();

    /// <summary>Container 172.31.0.2 of ct1.</summary>
    public NetworkNamespace Elsewhere { get; } = NetworkNamespace.Create();

    public NetworkFirewall Firewall { get; }

    public bool BridgedPacketsToo { get; private set; }

    public static PublishedPort Port(string host, int hostPort, string container, int containerPort, int count = 1, TransportProtocol protocol = TransportProtocol.Tcp) => new()
    {
        Protocol = protocol,
        HostAddress = IPAddress.Parse(host),
        HostPort = (ushort)hostPort,
        ContainerAddress = IPAddress.Parse(container),
        ContainerPort = (ushort)containerPort,
        Count = count,
    };

    /// <summary>Both networks, the first with published ports.</summary>
    public static FirewallNetwork[] Publishing(params PublishedPort[] ports) => [Ct0 with { Ports = ports }, Ct1];

    /// <summary>Lets the containers of ct0 reach one another by the host alone.</summary>
    public void TalkByHost()
    {
        Execute(LinkRequest.Change("port1", new BridgePort { Isolated = true }), LinkRequest.Change("port2", new BridgePort { Isolated = true }));
        foreach (var (container, number) in ((NetworkNamespace, int)[])[(One, 3), (Two, 2)])
        {
            using var socket = NetlinkSocket.Open(container);
            socket.Execute(
                RouteRequest.Add(new(IPNetwork.Parse($"172.30.0.{number}/32")) { Gateway = IPAddress.Parse("172.30.0.1") }),
                RouteRequest.Add(new(IPNetwork.Parse($"fd30::{number}/128")) { Gateway = IPAddress.Parse("fd30::1"), Link = InsideIndex }));
        }
    }

    /// <summary>Makes the rules of networks.</summary>
    public void Establish(params FirewallNetwork[] networks) => Firewall.Establish(new() { Networks = networks });

    /// <summary>Changes the rules of networks.</summary>
    public void Change(FirewallNetwork[] before, FirewallNetwork[] after) => Firewall.Change(new() { Networks = before }, new() { Networks = after });

    /// <summary>Commands of somebody else on this host.</summary>
    public string Nft(string commands) => Host.Run(() => Nftables.Open().Run(commands));

    /// <summary>Connects another namespace to the host, outside of all networks of containers: number 9 of the subnets, the host is number 1.</summary>
    public void AddOutside(NetworkNamespace inside, string name, int index, string subnet4, string subnet6) => AddLink(inside, name, index, null, subnet4, subnet6, 9);

    public void Execute(params NetlinkRequest[] requests) => _socket.Execute(requests);

    public void Dispose()
    {
        Firewall.Dispose();
        _socket.Dispose();
        foreach (var network in (NetworkNamespace[])[Client, One, Two, Elsewhere, Host])
        {
            network.Dispose();
        }
    }

    private static LinkAddress Address(int link, string address, int length) =>
        new(link, IPAddress.Parse(address), length) { Flags = length == 64 ? AddressFlags.NoDuplicateDetection : AddressFlags.None };

    private void AddBridge(string name, int index, string subnet4, string subnet6)
    {
        _socket.Execute(LinkRequest.Create(new(name, new BridgeKind()) { Index = index }));
        Host.Apply(NetworkSysctl.DuplicateAddressDetection(name, false), NetworkSysctl.RouteLocalnet(name, true));
        _socket.Execute(
            LinkRequest.Change(index, new LinkChange { Up = true, Group = FirewallTable.LinkGroup }),
            AddressRequest.Add(Address(index, $"{subnet4}.1", 24)),
            AddressRequest.Add(Address(index, $"{subnet6}:1", 64)));
    }

    private void AddLink(NetworkNamespace inside, string name, int index, int? master, string subnet4, string subnet6, int number)
    {
        var peer = new VethPeer("eth0") { Index = InsideIndex, Namespace = inside };
        _socket.Execute(LinkRequest.Create(new(name, new VethKind(peer)) { Index = index, Master = master, Up = true }));
        if (master is not null)
        {
            _socket.Execute(LinkRequest.Change(index, new BridgePort { Hairpin = true }));
        }
        else
        {
            _socket.Execute(AddressRequest.Add(Address(index, $"{subnet4}.1", 24)), AddressRequest.Add(Address(index, $"{subnet6}:1", 64)));
        }

        using var socket = NetlinkSocket.Open(inside);
        socket.Execute(
            LinkRequest.Change("lo", new LinkChange { Up = true }),
            LinkRequest.Change(InsideIndex, new LinkChange { Up = true }),
            AddressRequest.Add(Address(InsideIndex, $"{subnet4}.{number}", 24)),
            AddressRequest.Add(Address(InsideIndex, $"{subnet6}:{number}", 64)),
            RouteRequest.Add(new(new IPNetwork(IPAddress.Any, 0)) { Gateway = IPAddress.Parse($"{subnet4}.1") }),
            RouteRequest.Add(new(new IPNetwork(IPAddress.IPv6Any, 0)) { Gateway = IPAddress.Parse($"{subnet6}:1"), Link = InsideIndex }));
    }
}
