using System.Net;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Netlink;
using static ContainerTools.Linux.Tests.Firewall.FirewalledHost;

namespace ContainerTools.Linux.Tests.Firewall;

public sealed class NetworkFirewallTests : IDisposable
{
    private readonly FirewalledHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Containers_go_out_under_the_hosts_address()
    {
        _host.Establish(Ct0, Ct1);
        Assert.Equal("192.0.2.1", Conversation.SourceOf(_host.One, "192.0.2.9:80", _host.Client, 80));
        Assert.Equal("192.0.2.1", Conversation.SourceOf(_host.Elsewhere, "192.0.2.9:80", _host.Client, 80, TransportProtocol.Udp));
        Assert.Equal("2001:db8::1", Conversation.SourceOf(_host.One, "[2001:db8::9]:80", _host.Client, 80));
        Assert.Equal("172.30.0.2", Conversation.SourceOf(_host.One, "172.30.0.3:80", _host.Two, 80));
        Assert.Equal("172.30.0.2", Conversation.SourceOf(_host.One, "172.30.0.1:80", _host.Host, 80));
    }

    [Fact]
    public void Nobody_outside_and_no_other_network_reaches_a_container_directly()
    {
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "172.30.0.2:80", _host.One, 80));
        Assert.Equal("fd31::2", Conversation.SourceOf(_host.Elsewhere, "[fd30::2]:80", _host.One, 80));
        _host.Establish(Publishing(Port("0.0.0.0", 8080, "172.30.0.2", 80)));
        Assert.False(Conversation.Reaches(_host.Client, "172.30.0.2:80", _host.One, 80));
        Assert.False(Conversation.Reaches(_host.Client, "[fd30::2]:80", _host.One, 80));
        Assert.False(Conversation.Reaches(_host.Elsewhere, "172.30.0.2:80", _host.One, 80));
        Assert.False(Conversation.Reaches(_host.Elsewhere, "[fd30::2]:80", _host.One, 80, TransportProtocol.Udp));
    }

    [Fact]
    public void An_internal_network_reaches_itself_and_the_host_only()
    {
        _host.Establish(Ct0 with { Internal = true }, Ct1 with { Ports = [Port("0.0.0.0", 8080, "172.31.0.2", 80)] });
        Assert.Equal("172.30.0.2", Conversation.SourceOf(_host.One, "172.30.0.3:80", _host.Two, 80));
        Assert.Equal("172.30.0.2", Conversation.SourceOf(_host.One, "172.30.0.1:80", _host.Host, 80));
        Assert.Equal("172.30.0.1", Conversation.SourceOf(_host.Host, "172.30.0.2:80", _host.One, 80));
        Assert.False(Conversation.Reaches(_host.One, "192.0.2.9:80", _host.Client, 80));
        Assert.False(Conversation.Reaches(_host.One, "[2001:db8::9]:80", _host.Client, 80, TransportProtocol.Udp));
        Assert.False(Conversation.Reaches(_host.One, "172.31.0.2:80", _host.Elsewhere, 80));
        Assert.False(Conversation.Reaches(_host.One, "192.0.2.1:8080", _host.Elsewhere, 80));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Containers_that_must_not_reach_one_another_do_not_through_the_host_either(bool bridgedPacketsToo)
    {
        using var host = new FirewalledHost(bridgedPacketsToo);
        host.Execute(LinkRequest.Change("port1", new BridgePort { Isolated = true }), LinkRequest.Change("port2", new BridgePort { Isolated = true }));
        foreach (var (container, other) in ((NetworkNamespace, string)[])[(host.One, "172.30.0.3/32"), (host.Two, "172.30.0.2/32")])
        {
            using var socket = NetlinkSocket.Open(container);
            socket.Execute(RouteRequest.Add(new(IPNetwork.Parse(other)) { Gateway = IPAddress.Parse("172.30.0.1") }));
        }

        host.Establish(Ct0, Ct1);
        Assert.Equal("172.30.0.2", Conversation.SourceOf(host.One, "172.30.0.3:80", host.Two, 80));
        host.Change([Ct0], [Ct0 with { ContainersReachOneAnother = false, Ports = [Port("0.0.0.0", 8080, "172.30.0.3", 80)] }]);
        Assert.False(Conversation.Reaches(host.One, "172.30.0.3:80", host.Two, 80));
        Assert.False(Conversation.Reaches(host.One, "172.30.0.3:81", host.Two, 81, TransportProtocol.Udp));
        Assert.Equal("192.0.2.1", Conversation.SourceOf(host.One, "192.0.2.9:80", host.Client, 80));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(host.Client, "192.0.2.1:8080", host.Two, 80));
        if (!host.BridgedPacketsToo)
        {
            Assert.Equal("172.30.0.1", Conversation.SourceOf(host.One, "192.0.2.1:8080", host.Two, 80));
        }
    }

    [Fact]
    public void A_container_cannot_reach_the_hosts_loopback_address()
    {
        _host.Establish(Ct0, Ct1);
        using (var socket = NetlinkSocket.Open(_host.One))
        {
            // A container with CAP_NET_ADMIN: it has no loopback address any more, and sends packets for 127.0.0.1 to the bridge.
            socket.Execute(AddressRequest.Delete(new(1, IPAddress.Loopback, 8)));
            socket.Execute(RouteRequest.Add(new(IPNetwork.Parse("127.0.0.0/8")) { Gateway = IPAddress.Parse("172.30.0.1") }));
        }

        _host.One.Apply(NetworkSysctl.RouteLocalnet("eth0", true));
        Assert.False(Conversation.Reaches(_host.One, "127.0.0.1:80", _host.Host, 80));
        _host.Nft("flush chain inet containertools guard_loopback\n");
        Assert.Equal("172.30.0.2", Conversation.SourceOf(_host.One, "127.0.0.1:80", _host.Host, 80));
    }

    [Fact]
    public void A_container_sends_nothing_out_under_a_foreign_address()
    {
        using (var socket = NetlinkSocket.Open(_host.One))
        {
            socket.Execute(AddressRequest.Add(new(7, IPAddress.Parse("203.0.113.7"), 32)));
            socket.Execute(RouteRequest.Add(new(IPNetwork.Parse("192.0.2.9/32")) { Gateway = IPAddress.Parse("172.30.0.1"), Source = IPAddress.Parse("203.0.113.7") }));
        }

        using (var socket = NetlinkSocket.Open(_host.Host))
        {
            socket.Execute(RouteRequest.Add(new(IPNetwork.Parse("203.0.113.7/32")) { Gateway = IPAddress.Parse("172.30.0.2") }));
        }

        Assert.Equal("203.0.113.7", Conversation.SourceOf(_host.One, "192.0.2.9:80", _host.Client, 80, TransportProtocol.Udp));
        _host.Establish(Ct0, Ct1);
        Assert.False(Conversation.Reaches(_host.One, "192.0.2.9:80", _host.Client, 80, TransportProtocol.Udp));
    }

    [Fact]
    public void Rules_that_somebody_flushed_are_established_again()
    {
        var networks = Publishing(Port("0.0.0.0", 8080, "172.30.0.2", 80));
        Assert.False(_host.Firewall.IsEstablished());
        _host.Establish(networks);
        Assert.True(_host.Firewall.IsEstablished());
        var rules = _host.Nft("list ruleset\n");
        _host.Nft("flush ruleset\n");
        Assert.False(_host.Firewall.IsEstablished());
        Assert.Contains("No such file", Assert.Throws<NftablesException>(() => _host.Change(networks, [Ct0, Ct1])).Message, StringComparison.Ordinal);

        _host.Establish(networks);
        _host.Establish(networks);
        Assert.Equal(rules, _host.Nft("list ruleset\n"));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8080", _host.One, 80));
        _host.Firewall.Remove();
        _host.Firewall.Remove();
        Assert.Empty(_host.Nft("list ruleset\n"));
    }

    [Fact]
    public void A_change_that_fails_changes_nothing_and_names_the_element()
    {
        var port = Port("0.0.0.0", 8080, "172.30.0.2", 80);
        _host.Establish(Publishing(port));
        var rules = _host.Nft("list ruleset\n");
        var taken = port with { ContainerAddress = IPAddress.Parse("172.30.0.3") };
        var error = Assert.Throws<NftablesException>(() => _host.Change([Ct0], [Ct0 with { Ports = [Port("0.0.0.0", 8079, "172.30.0.3", 80), taken] }]));
        Assert.Contains("published_anywhere_ipv4 { tcp . 8080 : 172.30.0.3 . 80 }", error.Message, StringComparison.Ordinal);
        Assert.Equal(rules, _host.Nft("list ruleset\n"));
    }

    [Fact]
    public void A_drop_of_somebody_else_holds_and_their_rules_stay_theirs()
    {
        // As ufw has them: what is not allowed is not forwarded, before or after our rules.
        const string Theirs = "table inet theirs {\n\tchain forward {\n\t\ttype filter hook forward priority PRIORITY; policy drop;\n\t\tct state established,related accept\n\t}\n}\n";
        _host.Establish(Publishing(Port("0.0.0.0", 8080, "172.30.0.2", 80)));
        foreach (var priority in (string[])["-10", "10"])
        {
            _host.Nft(Theirs.Replace("PRIORITY", priority, StringComparison.Ordinal));
            Assert.False(Conversation.Reaches(_host.Client, "192.0.2.1:8080", _host.One, 80));
            Assert.Equal("172.30.0.1", Conversation.SourceOf(_host.Host, "127.0.0.1:8080", _host.One, 80)); // not forwarded, so not theirs to drop
            _host.Nft("add rule inet theirs forward oifname \"ct*\" accept\nadd rule inet theirs forward iifname \"ct*\" accept\n");
            Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8080", _host.One, 80));
            Assert.False(Conversation.Reaches(_host.Client, "172.30.0.2:80", _host.One, 80));
            _host.Nft("delete table inet theirs\n");
        }
    }

    [Fact]
    public void A_port_that_an_administrator_forwards_by_hand_stays_with_the_administrator()
    {
        _host.Nft("table ip theirs { chain prerouting { type nat hook prerouting priority dstnat; tcp dport 8080 redirect to :9090; }; }\n");
        _host.Establish(Publishing(Port("0.0.0.0", 8080, "172.30.0.2", 80)));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8080", _host.Host, 9090));
    }
}
