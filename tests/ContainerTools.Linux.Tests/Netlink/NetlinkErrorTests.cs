using System.Net;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Tests.Netlink;

public sealed class NetlinkErrorTests : IDisposable
{
    private readonly NetworkNamespace _network = NetworkNamespace.Create();
    private readonly NetlinkSocket _socket;

    public NetlinkErrorTests() => _socket = NetlinkSocket.Open(_network);

    public void Dispose()
    {
        _socket.Dispose();
        _network.Dispose();
    }

    [Fact]
    public void A_refused_route_says_which_and_why_in_the_words_of_the_kernel()
    {
        var error = Assert.Throws<LinuxException>(() => _socket.Execute(
            RouteRequest.Add(new(IPNetwork.Parse("10.0.0.0/8")) { Gateway = IPAddress.Parse("192.0.2.1") })));
        Assert.Equal("RTM_NEWROUTE 10.0.0.0/8 via 192.0.2.1: Network is unreachable (errno 101): Nexthop has invalid gateway", error.Message);
        Assert.Equal(("RTM_NEWROUTE", "10.0.0.0/8 via 192.0.2.1", "Nexthop has invalid gateway"), (error.Syscall, error.Path, error.Detail));
    }

    [Fact]
    public void A_name_in_use_is_refused_for_a_new_link_and_for_a_renamed_one()
    {
        _socket.Execute(
            LinkRequest.Create(new("one", new BridgeKind()) { Index = 5 }),
            LinkRequest.Create(new("two", new BridgeKind()) { Index = 6 }));
        Assert.Equal(LinuxError.Exists, Failure(LinkRequest.Create(new("one", new BridgeKind()))).Errno);
        LinuxException rename = Failure(LinkRequest.Change(6, new LinkChange { Name = "one" }));
        Assert.Equal((LinuxError.Exists, "link 6"), (rename.Errno, rename.Path));
        Assert.Equal(LinuxError.Exists, Failure(LinkRequest.Create(new("three", new BridgeKind()) { Index = 5 })).Errno);
    }

    [Fact]
    public void A_missing_link_is_null_when_looked_for_and_an_error_when_changed()
    {
        Assert.Null(_socket.FindLink("nowhere"));
        Assert.Null(_socket.FindLink(4711));
        Assert.Equal("RTM_SETLINK nowhere: No such device (errno 19)", Failure(LinkRequest.Change("nowhere", new LinkChange { Up = true })).Message);
        Assert.Equal("RTM_DELLINK link 4711: No such device (errno 19)", Failure(LinkRequest.Delete(4711)).Message);
        Assert.Equal(LinuxError.NoDevice, Failure(AddressRequest.Add(new(4711, IPAddress.Loopback, 8))).Errno);
    }

    [Fact]
    public void The_rest_of_a_batch_is_carried_out_after_an_error_and_each_request_has_its_own()
    {
        var errors = _socket.TryExecute(
            LinkRequest.Create(new("one", new BridgeKind())),
            LinkRequest.Delete("nowhere"),
            LinkRequest.Create(new("two", new BridgeKind())),
            LinkRequest.Change("two", new BridgePort { Isolated = true }));
        Assert.Equal([null, LinuxError.NoDevice, null, LinuxError.NotSupported], errors.Select(error => error?.Errno));
        Assert.Equal("two", errors[3]!.Path);
        Assert.NotNull(_socket.FindLink("two"));
    }

    [Theory]
    [InlineData("sixteen-bytes-xx")]
    [InlineData("äöüäöüäö")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("veth%d")]
    public void Names_that_no_link_can_have_are_refused_before_the_kernel_is_asked(string name)
    {
        Assert.ThrowsAny<ArgumentException>(() => LinkRequest.Create(new(name, new BridgeKind())));
        Assert.ThrowsAny<ArgumentException>(() => LinkRequest.Create(new("a", new VethKind(new VethPeer(name)))));
        Assert.ThrowsAny<ArgumentException>(() => LinkRequest.Delete(name));
        Assert.ThrowsAny<ArgumentException>(() => NetworkSysctl.RouteLocalnet(name, true));
    }

    [Fact]
    public void Fifteen_bytes_are_a_name()
    {
        _socket.Execute(LinkRequest.Create(new("fifteen-bytes-x", new BridgeKind())));
        Assert.NotNull(_socket.FindLink("fifteen-bytes-x"));
    }

    [Fact]
    public void Requests_that_contradict_themselves_are_refused()
    {
        Assert.Throws<ArgumentException>(() => LinkRequest.Create(new("a", new VethKind(new VethPeer("b") { Index = 5 }))));
        Assert.Throws<ArgumentException>(() => LinkRequest.Change("a", new LinkChange { Name = "b" }));
        Assert.Throws<ArgumentException>(() => RouteRequest.Add(new(IPNetwork.Parse("10.0.0.0/8"))));
        Assert.Throws<ArgumentException>(() => RouteRequest.Add(new(IPNetwork.Parse("10.0.0.0/8")) { Gateway = IPAddress.IPv6Loopback }));
        Assert.Throws<ArgumentOutOfRangeException>(() => AddressRequest.Add(new(1, IPAddress.Loopback, 33)));
    }

    [Fact]
    public void A_request_whose_namespace_was_closed_is_not_sent()
    {
        var other = NetworkNamespace.Create();
        NetlinkRequest request = LinkRequest.Create(new("a", new VethKind(new VethPeer("b") { Namespace = other })));
        other.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _socket.Execute(request));
        Assert.Single(_socket.GetLinks());
    }

    private LinuxException Failure(NetlinkRequest request) => Assert.IsType<LinuxException>(_socket.TryExecute(request)[0]);
}
