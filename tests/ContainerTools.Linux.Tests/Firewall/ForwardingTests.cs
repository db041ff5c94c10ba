using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Netlink;
using static ContainerTools.Linux.Tests.Firewall.FirewalledHost;

namespace ContainerTools.Linux.Tests.Firewall;

/// <summary>A host that forwards for its containers must not become a router between its other networks.</summary>
public sealed class ForwardingTests : IDisposable
{
    private readonly FirewalledHost _host = new();
    private readonly NetworkNamespace _far = NetworkNamespace.Create();

    public ForwardingTests() => _host.AddOutside(_far, "far", 400, "198.51.100", "2001:db8:1:");

    public void Dispose()
    {
        _host.Dispose();
        _far.Dispose();
    }

    private string? FromClient(string target, TransportProtocol protocol = TransportProtocol.Tcp) => Conversation.SourceOf(_host.Client, target, _far, 80, protocol);

    private bool ClientReaches(string target) => Conversation.Reaches(_host.Client, target, _far, 80);

    [Fact]
    public void Strangers_are_not_forwarded_in_the_families_that_are_for_containers_only()
    {
        _host.Establish(Ct0, Ct1);
        Assert.Equal("192.0.2.9", FromClient("198.51.100.9:80"));
        Assert.Equal("2001:db8::9", FromClient("[2001:db8:1::9]:80"));

        _host.Firewall.Establish(new() { Networks = Publishing(Port("0.0.0.0", 8080, "172.30.0.2", 80), Port("::", 8080, "fd30::2", 80)), ForwardsIPv4ForContainersOnly = true });
        Assert.False(ClientReaches("198.51.100.9:80"));
        Assert.False(Conversation.Reaches(_far, "192.0.2.9:80", _host.Client, 80, TransportProtocol.Udp));
        Assert.Equal("2001:db8::9", FromClient("[2001:db8:1::9]:80"));

        _host.Firewall.Change(new() { ForwardsIPv4ForContainersOnly = true }, new() { ForwardsIPv4ForContainersOnly = true, ForwardsIPv6ForContainersOnly = true });
        Assert.False(ClientReaches("198.51.100.9:80"));
        Assert.False(ClientReaches("[2001:db8:1::9]:80"));
        Assert.False(Echo.Reaches(_host.Client, "2001:db8:1::9"));
        Assert.Equal("198.51.100.1", Conversation.SourceOf(_host.One, "198.51.100.9:80", _far, 80));
        Assert.Equal("2001:db8:1::1", Conversation.SourceOf(_host.One, "[2001:db8:1::9]:80", _far, 80));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8080", _host.One, 80));
        Assert.Equal("2001:db8::9", Conversation.SourceOf(_host.Client, "[2001:db8::1]:8080", _host.One, 80));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:80", _host.Host, 80));
    }

    [Fact]
    public void Containers_of_another_store_are_no_strangers()
    {
        using var other = new NetworkFirewall(Nftables.Open(), _host.Host, "containertools-0badcafe");
        _host.Firewall.Establish(new() { Networks = [Ct0], ForwardsIPv4ForContainersOnly = true });
        other.Establish(new() { Networks = [Ct1 with { Ports = [Port("0.0.0.0", 8081, "172.31.0.2", 80)] }] });
        _host.Execute(LinkRequest.Change("ct1", new LinkChange { Group = 0 }));
        Assert.False(Conversation.Reaches(_host.Elsewhere, "198.51.100.9:80", _far, 80));
        _host.Execute(LinkRequest.Change("ct1", new LinkChange { Group = FirewallTable.LinkGroup }));
        Assert.Equal("198.51.100.1", Conversation.SourceOf(_host.Elsewhere, "198.51.100.9:80", _far, 80));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8081", _host.Elsewhere, 80));
        Assert.False(ClientReaches("198.51.100.9:80"));
    }

    [Fact]
    public void What_bridges_of_others_switch_is_not_forwarding_even_where_rules_see_it()
    {
        using var host = new FirewalledHost(bridgedPacketsToo: true);
        host.Execute(LinkRequest.Change("ct0", new LinkChange { Group = 0 }));
        host.Firewall.Establish(new() { Networks = [Ct1], ForwardsIPv4ForContainersOnly = true, ForwardsIPv6ForContainersOnly = true });
        Assert.Equal("172.30.0.2", Conversation.SourceOf(host.One, "172.30.0.3:80", host.Two, 80));
        Assert.Equal("fd30::2", Conversation.SourceOf(host.One, "[fd30::3]:80", host.Two, 80));
    }
}
