using System.Net;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Netlink;
using static ContainerTools.Linux.Tests.Firewall.FirewalledHost;

namespace ContainerTools.Linux.Tests.Firewall;

public sealed class GatewayModeTests : IDisposable
{
    private readonly FirewalledHost _host = new();

    public void Dispose() => _host.Dispose();

    private static FirewallNetwork With(FirewallGatewayMode mode, params PublishedPort[] ports) => Ct0 with { GatewayMode = mode, Ports = ports };

    [Fact]
    public void An_unprotected_network_is_open_to_those_outside_who_have_a_route()
    {
        _host.Establish(With(FirewallGatewayMode.NatUnprotected, Port("0.0.0.0", 8080, "172.30.0.2", 80)), Ct1);
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "172.30.0.2:81", _host.One, 81));
        Assert.Equal("2001:db8::9", Conversation.SourceOf(_host.Client, "[fd30::2]:81", _host.One, 81, TransportProtocol.Udp));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8080", _host.One, 80));
        Assert.Equal("192.0.2.1", Conversation.SourceOf(_host.One, "192.0.2.9:80", _host.Client, 80));
        Assert.False(Conversation.Reaches(_host.Elsewhere, "172.30.0.2:81", _host.One, 81));
        Assert.False(Conversation.Reaches(_host.Client, "172.31.0.2:81", _host.Elsewhere, 81));
    }

    [Fact]
    public void A_routed_network_has_its_own_addresses_and_opens_published_ports_there()
    {
        var port = Port("0.0.0.0", 8080, "172.30.0.2", 80);
        var mode = With(FirewallGatewayMode.Routed, port, Port("::", 8080, "fd30::2", 80), Port("0.0.0.0", 8080, "172.30.0.3", 80), Port("0.0.0.0", 9000, "172.30.0.2", 9000, 10));
        _host.Establish(mode, Ct1);
        Assert.Equal("172.30.0.2", Conversation.SourceOf(_host.One, "192.0.2.9:80", _host.Client, 80));
        Assert.Equal("fd30::2", Conversation.SourceOf(_host.One, "[2001:db8::9]:80", _host.Client, 80, TransportProtocol.Udp));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "172.30.0.2:80", _host.One, 80));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "172.30.0.2:9009", _host.One, 9009));
        Assert.Equal("2001:db8::9", Conversation.SourceOf(_host.Client, "[fd30::2]:80", _host.One, 80));
        Assert.Equal("172.31.0.2", Conversation.SourceOf(_host.Elsewhere, "172.30.0.2:80", _host.One, 80));
        Assert.True(Echo.Reaches(_host.Client, "172.30.0.2"));
        Assert.True(Echo.Reaches(_host.Client, "fd30::2"));

        Assert.False(Conversation.Reaches(_host.Client, "172.30.0.2:81", _host.One, 81));
        Assert.False(Conversation.Reaches(_host.Client, "[fd30::2]:80", _host.One, 80, TransportProtocol.Udp));
        Assert.False(Conversation.Reaches(_host.Client, "192.0.2.1:8080", _host.One, 80));
        Assert.False(Conversation.Reaches(_host.Elsewhere, "172.30.0.2:81", _host.One, 81));
        Assert.False(Echo.Reaches(_host.Client, "172.31.0.2"));

        _host.Change([mode], [mode with { Ports = [] }]);
        Assert.False(Conversation.Reaches(_host.Client, "172.30.0.2:80", _host.One, 80));
    }

    [Fact]
    public void A_network_changes_its_mode()
    {
        var port = Port("0.0.0.0", 8080, "172.30.0.2", 80);
        _host.Establish(With(FirewallGatewayMode.Nat, port), Ct1);
        _host.Change([With(FirewallGatewayMode.Nat, port)], [With(FirewallGatewayMode.Routed, port)]);
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "172.30.0.2:80", _host.One, 80));
        _host.Change([With(FirewallGatewayMode.Routed, port)], [With(FirewallGatewayMode.Nat, port)]);
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8080", _host.One, 80));
        Assert.False(Conversation.Reaches(_host.Client, "172.30.0.2:80", _host.One, 80));
    }

    [Fact]
    public void An_isolated_network_is_nobodys_but_its_containers()
    {
        Assert.Equal("172.30.0.2", Conversation.SourceOf(_host.One, "192.0.2.1:80", _host.Host, 80));
        _host.Establish(With(FirewallGatewayMode.Isolated), Ct1);
        Assert.Equal("172.30.0.2", Conversation.SourceOf(_host.One, "172.30.0.3:80", _host.Two, 80));
        Assert.Equal("fd30::2", Conversation.SourceOf(_host.One, "[fd30::3]:80", _host.Two, 80));
        Assert.False(Conversation.Reaches(_host.One, "192.0.2.1:80", _host.Host, 80));
        Assert.False(Conversation.Reaches(_host.One, "172.30.0.1:80", _host.Host, 80, TransportProtocol.Udp));
        Assert.False(Conversation.Reaches(_host.Host, "172.30.0.2:80", _host.One, 80));
        Assert.False(Conversation.Reaches(_host.One, "192.0.2.9:80", _host.Client, 80));
        Assert.False(Conversation.Reaches(_host.Client, "172.30.0.2:80", _host.One, 80));
        Assert.False(Conversation.Reaches(_host.Elsewhere, "172.30.0.2:80", _host.One, 80));
    }

    [Fact]
    public void A_container_cannot_send_under_a_foreign_address_into_another_network()
    {
        _host.Establish(With(FirewallGatewayMode.Routed, Port("0.0.0.0", 80, "172.30.0.2", 80, protocol: TransportProtocol.Udp)), Ct1);
        Assert.Equal("172.31.0.2", Conversation.SourceOf(_host.Elsewhere, "172.30.0.2:80", _host.One, 80, TransportProtocol.Udp));
        using (var socket = NetlinkSocket.Open(_host.Elsewhere))
        {
            socket.Execute(AddressRequest.Add(new(7, IPAddress.Parse("172.31.7.7"), 32)));
            socket.Execute(RouteRequest.Add(new(IPNetwork.Parse("172.30.0.2/32")) { Gateway = IPAddress.Parse("172.31.0.1"), Source = IPAddress.Parse("172.31.7.7") }));
        }

        Assert.False(Conversation.Reaches(_host.Elsewhere, "172.30.0.2:80", _host.One, 80, TransportProtocol.Udp));
    }

    [Fact]
    public void An_isolated_network_publishes_nothing_and_there_is_no_other_mode()
    {
        Assert.Throws<ArgumentException>(() => _host.Establish(With(FirewallGatewayMode.Isolated, Port("0.0.0.0", 80, "172.30.0.2", 80))));
        Assert.Throws<ArgumentException>(() => _host.Establish(With((FirewallGatewayMode)9)));
    }
}
