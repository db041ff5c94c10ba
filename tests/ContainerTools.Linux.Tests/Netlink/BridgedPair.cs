using System.Net;
using System.Net.NetworkInformation;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Tests.Netlink;

/// <summary>A bridge in a namespace of its own, and two namespaces connected to it, with addresses 10.9.0.2 and .3 (fd09::2 and ::3). It goes when it is disposed of.</summary>
internal sealed class BridgedPair : IDisposable
{
    public const int BridgeIndex = 100;
    public const int InsideIndex = 7;

    public BridgedPair()
    {
        Socket = NetlinkSocket.Open(Middle);
        Socket.Execute(
            LinkRequest.Create(new("br0", new BridgeKind()) { Index = BridgeIndex, Up = true }),
            AddressRequest.Add(new(BridgeIndex, IPAddress.Parse("10.9.0.1"), 24) { Broadcast = IPAddress.Parse("10.9.0.255") }),
            Pair("port2", Left, 2),
            Pair("port3", Right, 3));
        Configure(Left, 2);
        Configure(Right, 3);
    }

    public NetworkNamespace Middle { get; } = NetworkNamespace.Create();

    public NetworkNamespace Left { get; } = NetworkNamespace.Create();

    public NetworkNamespace Right { get; } = NetworkNamespace.Create();

    public NetlinkSocket Socket { get; }

    public static PhysicalAddress Hardware(byte host) => new([2, 0, 10, 9, 0, host]);

    public void Dispose()
    {
        Socket.Dispose();
        Left.Dispose();
        Right.Dispose();
        Middle.Dispose();
    }

    private static NetlinkRequest Pair(string port, NetworkNamespace inside, byte host)
    {
        var peer = new VethPeer("eth0") { Index = InsideIndex, Address = Hardware(host), Mtu = 1400, Namespace = inside };
        return LinkRequest.Create(new(port, new VethKind(peer)) { Index = BridgeIndex + host, Master = BridgeIndex, Mtu = 1400, Up = true });
    }

    private static void Configure(NetworkNamespace inside, byte host)
    {
        using var socket = NetlinkSocket.Open(inside);
        socket.Execute(
            LinkRequest.Change("lo", new LinkChange { Up = true }),
            LinkRequest.Change(InsideIndex, new LinkChange { Up = true }),
            AddressRequest.Add(new(InsideIndex, new IPAddress([10, 9, 0, host]), 24)),
            AddressRequest.Add(new(InsideIndex, IPAddress.Parse($"fd09::{host}"), 64) { Flags = AddressFlags.NoDuplicateDetection }),
            RouteRequest.Add(new(new IPNetwork(IPAddress.Any, 0)) { Gateway = IPAddress.Parse("10.9.0.1") }));
    }
}
