using System.Diagnostics;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Tests.Netlink;

[Trait("Kernel", "any")]
public sealed class LinkTests : IDisposable
{
    private readonly NetworkNamespace _network = NetworkNamespace.Create();
    private readonly NetlinkSocket _socket;

    public LinkTests() => _socket = NetlinkSocket.Open(_network);

    public void Dispose()
    {
        _socket.Dispose();
        _network.Dispose();
    }

    [Fact]
    public void A_new_namespace_has_a_loopback_that_is_down()
    {
        Link loopback = Assert.Single(_socket.GetLinks());
        Assert.Equal(("lo", 1, false, null), (loopback.Name, loopback.Index, loopback.IsUp, loopback.Kind));
    }

    [Fact]
    public void A_bridge_forwards_at_once_and_knows_no_vlans()
    {
        _socket.Execute(
            LinkRequest.Create(new("br0", new BridgeKind { MulticastSnooping = false }) { Mtu = 9000, Up = true }),
            LinkRequest.Change("br0", new LinkChange { Alias = "network shop" }),
            LinkRequest.Create(new("br1", new BridgeKind { ForwardDelay = TimeSpan.FromSeconds(2) })));
        Link bridge = _socket.FindLink("br0")!;
        Assert.Equal(("bridge", 9000, "network shop", true), (bridge.Kind, bridge.Mtu, bridge.Alias, bridge.IsUp));
        Assert.Equal(("0", "0", "0"), _network.Run(() => (Option("forward_delay", "br0"), Option("vlan_filtering", "br0"), Option("mcast_snooping", "br0"))));
        Assert.Equal(("200", "0", "1"), _network.Run(() => (Option("forward_delay", "br1"), Option("vlan_filtering", "br1"), Option("mcast_snooping", "br1"))));
    }

    [Fact]
    public void The_peer_of_a_veth_pair_is_made_in_its_own_namespace_with_its_own_name_and_addresses()
    {
        using var other = NetworkNamespace.Create();
        using var otherSocket = NetlinkSocket.Open(other);
        var peer = new VethPeer("eth0") { Index = 5, Address = BridgedPair.Hardware(9), Mtu = 1280, Namespace = other };
        _socket.Execute(LinkRequest.Create(new("outside", new VethKind(peer)) { Index = 42, Address = BridgedPair.Hardware(8), Up = true }));
        otherSocket.Execute(LinkRequest.Change("eth0", new LinkChange { Up = true }));

        Link outside = _socket.FindLink(42)!;
        Link inside = otherSocket.FindLink("eth0")!;
        Assert.Equal(("outside", "veth", 5, BridgedPair.Hardware(8)), (outside.Name, outside.Kind, outside.Parent, outside.Address));
        Assert.Equal((5, 42, 1280, BridgedPair.Hardware(9)), (inside.Index, inside.Parent, inside.Mtu, inside.Address));
        Assert.True(outside.HasCarrier && inside.HasCarrier);

        _socket.Execute(LinkRequest.Delete("outside"));
        Assert.Null(otherSocket.FindLink("eth0"));
    }

    [Fact]
    public void A_link_is_changed_enslaved_freed_renamed_and_moved()
    {
        using var other = NetworkNamespace.Create();
        using var otherSocket = NetlinkSocket.Open(other);
        _socket.Execute(
            LinkRequest.Create(new("br0", new BridgeKind()) { Index = 10, Group = 9 }),
            LinkRequest.Create(new("a", new VethKind(new VethPeer("b"))) { Index = 11, Up = true }),
            LinkRequest.Change("a", new LinkChange { Master = 10, Mtu = 1300, Alias = "first", Group = 7 }));
        Link port = _socket.FindLink("a")!;
        Assert.Equal((7, 9), (port.Group, _socket.FindLink("br0")!.Group));
        Assert.Equal((10, 1300, "first"), (port.Master, port.Mtu, port.Alias));

        // Its peer is down, which older kernels (6.1) find out a little later.
        Assert.True(port.State is LinkState.LowerLayerDown or LinkState.Unknown, port.State.ToString());
        Assert.NotNull(port.Port);

        _socket.Execute(
            LinkRequest.Change(11, new LinkChange { Up = false }),
            LinkRequest.Change(11, new LinkChange { Master = 0, Alias = "", Address = BridgedPair.Hardware(1), Name = "renamed" }));
        port = _socket.FindLink(11)!;
        Assert.Equal(("renamed", null, null, false, BridgedPair.Hardware(1)), (port.Name, port.Master, port.Alias, port.IsUp, port.Address));
        Assert.Null(port.Port);
        Assert.Null(_socket.FindLink("a"));

        _socket.Execute(LinkRequest.Change(11, new LinkChange { Namespace = other, Name = "eth1" }));
        Assert.Null(_socket.FindLink(11));
        Assert.Equal("veth", otherSocket.FindLink("eth1")!.Kind);
    }

    [Theory]
    [InlineData(MacvlanMode.Private)]
    [InlineData(MacvlanMode.Vepa)]
    [InlineData(MacvlanMode.Bridge)]
    [InlineData(MacvlanMode.Passthru)]
    public void A_macvlan_is_made_upon_a_link_in_another_namespace(MacvlanMode mode)
    {
        using var other = NetworkNamespace.Create();
        using var otherSocket = NetlinkSocket.Open(other);
        _socket.Execute(
            LinkRequest.Create(new("a", new VethKind(new VethPeer("b"))) { Index = 11 }),
            LinkRequest.Create(new("eth0", new MacvlanKind(11, mode)) { Namespace = other }));
        Link link = otherSocket.FindLink("eth0")!;
        Assert.Equal(("macvlan", 11), (link.Kind, link.Parent));
    }

    [Theory]
    [InlineData("dummy")]
    [InlineData("ipvlan")]
    public void Kinds_that_a_kernel_may_lack_are_made_or_refused_by_name(string kind)
    {
        _socket.Execute(LinkRequest.Create(new("a", new VethKind(new VethPeer("b"))) { Index = 11 }));
        LinkKind wanted = kind == "dummy" ? new DummyKind() : new IpvlanKind(11, IpvlanMode.L3S);
        LinuxException? error = _socket.TryExecute(LinkRequest.Create(new("x", wanted)))[0];
        if (error is null)
        {
            Assert.Equal(kind, _socket.FindLink("x")!.Kind);
        }
        else
        {
            Assert.Equal($"RTM_NEWLINK {kind} x: Operation not supported (errno 95): Unknown device type", error.Message);
        }
    }

    [Fact]
    public void A_bridge_keeps_VLANs_apart_or_the_kernel_says_that_it_cannot()
    {
        LinuxException? error = _socket.TryExecute(LinkRequest.Create(new("br0", new BridgeKind { VlanFiltering = true, DefaultVlan = 0 }) { Index = 10 }))[0];
        if (error is not null)
        {
            Assert.Equal("RTM_NEWLINK bridge br0: Operation not supported (errno 95)", error.Message);
            _socket.Execute(LinkRequest.Create(new("br0", new BridgeKind()) { Index = 10 }));
            Assert.Equal(false, _socket.FindLink("br0")!.VlanFiltering);
            Assert.Equal("RTM_SETLINK bridge VLAN 1 link 10: Operation not supported (errno 95)", _socket.TryExecute(LinkRequest.JoinVlan(10, 1, isBridge: true))[0]!.Message);
            return;
        }

        _socket.Execute(
            LinkRequest.Create(new("a", new VethKind(new VethPeer("b"))) { Index = 11, Master = 10 }),
            LinkRequest.JoinVlan(10, 1, isBridge: true),
            LinkRequest.JoinVlan(11, 4094, isBridge: false));
        Assert.Equal((true, null), (_socket.FindLink("br0")!.VlanFiltering, _socket.FindLink("a")!.VlanFiltering));
        Assert.Equal(22, _socket.TryExecute(LinkRequest.JoinVlan(10, 4095, isBridge: true))[0]!.Errno);
        _socket.Execute(LinkRequest.Change(10, new BridgeKind { VlanFiltering = false, DefaultVlan = 7 }));
        Assert.Equal((false, "7"), (_socket.FindLink("br0")!.VlanFiltering, _network.Run(() => Option("vlan_default_pvid", "br0"))));
    }

    [Fact]
    public void A_VLAN_is_made_upon_a_link_or_the_kernel_says_that_it_cannot()
    {
        _socket.Execute(LinkRequest.Create(new("a", new VethKind(new VethPeer("b"))) { Index = 11 }));
        LinuxException? error = _socket.TryExecute(LinkRequest.Create(new("a.50", new VlanKind(11, 50))))[0];
        if (error is not null)
        {
            Assert.Equal("RTM_NEWLINK vlan a.50: Operation not supported (errno 95): Unknown device type", error.Message);
            return;
        }

        Link link = _socket.FindLink("a.50")!;
        Assert.Equal(("vlan", 11, 50), (link.Kind, link.Parent, link.VlanId));
        Assert.Equal(17, _socket.TryExecute(LinkRequest.Create(new("other", new VlanKind(11, 50))))[0]!.Errno);
    }

    [Fact]
    public void A_hundred_links_and_more_are_made_in_one_batch_listed_and_deleted()
    {
        const int Count = 150;
        int[] numbers = [.. Enumerable.Range(1000, Count)];
        _socket.Execute([.. numbers.Select(number => LinkRequest.Create(new($"br{number}", new BridgeKind()) { Index = number }))]);
        Assert.Equal(numbers, _socket.GetLinks().Where(link => link.Kind == "bridge").Select(link => link.Index));

        // Each deletion waits for the kernel's grace periods (some 30 ms); the rest goes with the namespace, at once.
        _socket.Execute([.. numbers[3..6].Select(number => LinkRequest.Delete(number))]);
        Assert.Equal(numbers.Except(numbers[3..6]), _socket.GetLinks().Where(link => link.Kind == "bridge").Select(link => link.Index));
    }

    [Fact]
    public void A_list_is_whole_while_links_come_and_go()
    {
        int[] numbers = [.. Enumerable.Range(1000, 100)];
        _socket.Execute([.. numbers.Select(number => LinkRequest.Create(new($"br{number}", new BridgeKind()) { Index = number }))]);
        using var done = new CancellationTokenSource();
        var changes = new Thread(() =>
        {
            using var socket = NetlinkSocket.Open(_network);
            while (!done.IsCancellationRequested)
            {
                socket.Execute(LinkRequest.Create(new("passing", new BridgeKind()) { Index = 500 }), LinkRequest.Delete("passing"));
            }
        });
        changes.Start();
        try
        {
            for (int reading = 0; reading < 50; reading++)
            {
                Assert.Equal(numbers, _socket.GetLinks().Select(link => link.Index).Where(index => index >= 1000));
            }
        }
        finally
        {
            done.Cancel();
            changes.Join();
        }
    }

    private static string Option(string name, string bridge)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", ["-d", "link", "show", bridge]) { RedirectStandardOutput = true })!;
        string[] words = ip.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        ip.WaitForExit();
        return words[Array.IndexOf(words, name) + 1];
    }
}
