using System.Diagnostics;
using System.Net;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Tests.Netlink;

public sealed class AddressAndRouteTests : IDisposable
{
    private static readonly IPNetwork s_any4 = new(IPAddress.Any, 0);
    private static readonly IPNetwork s_any6 = new(IPAddress.IPv6Any, 0);
    private readonly NetworkNamespace _network = NetworkNamespace.Create();
    private readonly NetlinkSocket _socket;

    public AddressAndRouteTests()
    {
        _socket = NetlinkSocket.Open(_network);
        _socket.Execute(
            LinkRequest.Create(new("a", new VethKind(new VethPeer("b") { Index = 6 })) { Index = 5, Up = true }),
            LinkRequest.Change(6, new LinkChange { Up = true }));
    }

    public void Dispose()
    {
        _socket.Dispose();
        _network.Dispose();
    }

    [Fact]
    public void Addresses_are_added_listed_and_deleted()
    {
        var four = new LinkAddress(5, IPAddress.Parse("10.1.2.3"), 24) { Broadcast = IPAddress.Parse("10.1.2.255"), Flags = AddressFlags.NoPrefixRoute };
        var six = new LinkAddress(5, IPAddress.Parse("fd01::3"), 64) { Flags = AddressFlags.NoDuplicateDetection };
        _socket.Execute(AddressRequest.Add(four), AddressRequest.Add(six));
        IReadOnlyList<LinkAddress> addresses = _socket.GetAddresses(5);
        Assert.Contains(four with { Flags = AddressFlags.NoPrefixRoute | AddressFlags.Permanent }, addresses);
        Assert.Contains(six with { Flags = AddressFlags.NoDuplicateDetection | AddressFlags.Permanent }, addresses);
        Assert.DoesNotContain(_socket.GetAddresses(6), address => address.Link != 6);
        Assert.True(_socket.GetAddresses().Count > addresses.Count);

        Assert.Equal(LinuxError.Exists, _socket.TryExecute(AddressRequest.Add(four))[0]!.Errno);
        _socket.Execute(AddressRequest.Delete(four), AddressRequest.Delete(six));
        Assert.DoesNotContain(_socket.GetAddresses(5), address => !address.Address.IsIPv6LinkLocal);

        // Newer kernels say more: ": ipv4: Address not found".
        Assert.StartsWith("RTM_DELADDR 10.1.2.3/24 on link 5: Cannot assign requested address (errno 99)", _socket.TryExecute(AddressRequest.Delete(four))[0]!.Message);
    }

    [Fact]
    public void An_address_without_detection_can_be_used_at_once_and_one_with_it_is_tentative()
    {
        _socket.Execute(AddressRequest.Add(new(5, IPAddress.Parse("fd01::4"), 64)));
        Assert.Contains(_socket.GetAddresses(5), address => address.Address.Equals(IPAddress.Parse("fd01::4")) && address.Flags.HasFlag(AddressFlags.Tentative));
    }

    [Fact]
    public void Routes_are_added_listed_and_deleted()
    {
        _socket.Execute(
            AddressRequest.Add(new(5, IPAddress.Parse("10.1.2.3"), 24)),
            AddressRequest.Add(new(5, IPAddress.Parse("fd01::3"), 64) { Flags = AddressFlags.NoDuplicateDetection }));
        Route[] routes =
        [
            new(s_any4) { Gateway = IPAddress.Parse("10.1.2.1"), Link = 5 },
            new(s_any4) { Gateway = IPAddress.Parse("10.1.2.2"), Link = 5, Metric = 50 },
            new(s_any6) { Gateway = IPAddress.Parse("fd01::1"), Link = 5, Metric = 1024 },
            new(IPNetwork.Parse("192.0.2.0/24")) { Link = 5, Source = IPAddress.Parse("10.1.2.3") },
            new(IPNetwork.Parse("198.51.100.0/24")) { Gateway = IPAddress.Parse("203.0.113.1"), Link = 5, OnLink = true },
            new(IPNetwork.Parse("2001:db8::/32")) { Link = 6, Metric = 7 },
        ];
        _socket.Execute([.. routes.Select(RouteRequest.Add)]);
        IReadOnlyList<Route> found = _socket.GetRoutes();
        Assert.All(routes, route => Assert.Contains(route, found));
        Assert.Contains(new Route(IPNetwork.Parse("10.1.2.0/24")) { Link = 5, Source = IPAddress.Parse("10.1.2.3") }, found);
        Assert.Equal("RTM_NEWROUTE 0.0.0.0/0 via 10.1.2.1 on link 5: File exists (errno 17)", _socket.TryExecute(RouteRequest.Add(routes[0]))[0]!.Message);

        _socket.Execute([.. routes.Select(RouteRequest.Delete)]);
        found = _socket.GetRoutes();
        Assert.All(routes, route => Assert.DoesNotContain(route, found));
        Assert.Equal("RTM_DELROUTE 192.0.2.0/24 on link 5: No such process (errno 3)", _socket.TryExecute(RouteRequest.Delete(routes[3]))[0]!.Message);
    }

    [Fact]
    public void A_route_over_two_hops_is_listed_once_for_each()
    {
        _socket.Execute(AddressRequest.Add(new(5, IPAddress.Parse("10.1.2.3"), 24)));
        _network.Run(() =>
        {
            using var ip = Process.Start("ip", "route add 192.0.2.0/24 nexthop via 10.1.2.1 nexthop via 10.1.2.2");
            ip.WaitForExit();
            Assert.Equal(0, ip.ExitCode);
        });
        Assert.Equal(
            [IPAddress.Parse("10.1.2.1"), IPAddress.Parse("10.1.2.2")],
            _socket.GetRoutes().Where(route => route.Destination == IPNetwork.Parse("192.0.2.0/24") && route.Link == 5).Select(route => route.Gateway));
    }

    [Fact]
    public void A_namespace_without_routes_has_an_empty_list()
    {
        using var empty = NetworkNamespace.Create();
        using var socket = NetlinkSocket.Open(empty);
        Assert.Empty(socket.GetRoutes());
        Assert.Empty(socket.GetAddresses());
    }
}
