using System.Globalization;
using ContainerTools.Linux.Firewall;
using static ContainerTools.Linux.Tests.Firewall.FirewalledHost;

namespace ContainerTools.Linux.Tests.Firewall;

public sealed class PublishedPortTests : IDisposable
{
    private readonly FirewalledHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(TransportProtocol.Tcp)]
    [InlineData(TransportProtocol.Udp)]
    public void A_port_is_reached_from_outside_and_the_client_keeps_its_address(TransportProtocol protocol)
    {
        _host.Establish(Publishing(
            Port("0.0.0.0", 8080, "172.30.0.2", 80, protocol: protocol), Port("::", 8080, "fd30::2", 80, protocol: protocol), Port("192.0.2.1", 53, "172.30.0.2", 53, protocol: protocol)));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8080", _host.One, 80, protocol));
        Assert.Equal("2001:db8::9", Conversation.SourceOf(_host.Client, "[2001:db8::1]:8080", _host.One, 80, protocol));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:53", _host.One, 53, protocol));
        Assert.False(Conversation.Reaches(_host.Client, "192.0.2.1:8081", _host.One, 81, protocol));
    }

    [Fact]
    public void A_thousand_ports_are_one_element_and_each_leads_to_its_own()
    {
        _host.Establish(Publishing(Port("0.0.0.0", 5000, "172.30.0.2", 5000, 1000), Port("::", 5000, "fd30::2", 7000, 1000)));
        Assert.Contains("elements = { 0.0.0.0/0 . tcp . 5000-5999 : 172.30.0.2 }", _host.Nft("list map inet containertools published_ranges_ipv4\n"), StringComparison.Ordinal);
        foreach (var offset in (int[])[0, 1, 500, 999])
        {
            var port = (5000 + offset).ToString(CultureInfo.InvariantCulture);
            Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, $"192.0.2.1:{port}", _host.One, 5000 + offset));
            Assert.Equal("2001:db8::9", Conversation.SourceOf(_host.Client, $"[2001:db8::1]:{port}", _host.One, 7000 + offset));
        }

        Assert.False(Conversation.Reaches(_host.Client, "192.0.2.1:6000", _host.One, 6000));
    }

    [Theory]
    [InlineData(TransportProtocol.Tcp)]
    [InlineData(TransportProtocol.Udp)]
    public void A_port_is_reached_from_the_host_by_its_addresses_and_by_loopback(TransportProtocol protocol)
    {
        _host.Establish(Publishing(Port("0.0.0.0", 8080, "172.30.0.2", 80, protocol: protocol), Port("::", 8080, "fd30::2", 80, protocol: protocol)));
        Assert.Equal("172.30.0.1", Conversation.SourceOf(_host.Host, "127.0.0.1:8080", _host.One, 80, protocol));
        Assert.Equal("172.30.0.1", Conversation.SourceOf(_host.Host, "127.1.2.3:8080", _host.One, 80, protocol));
        Assert.Equal("192.0.2.1", Conversation.SourceOf(_host.Host, "192.0.2.1:8080", _host.One, 80, protocol));
        Assert.Equal("172.30.0.1", Conversation.SourceOf(_host.Host, "172.30.0.1:8080", _host.One, 80, protocol));
        Assert.Equal("2001:db8::1", Conversation.SourceOf(_host.Host, "[2001:db8::1]:8080", _host.One, 80, protocol));
    }

    [Fact]
    public void The_hosts_own_program_serves_on_the_loopback_address_of_IPv6()
    {
        _host.Establish(Publishing(Port("::", 8080, "fd30::2", 80)));
        Assert.Equal("::1", Conversation.SourceOf(_host.Host, "[::1]:8080", _host.Host, 8080));
    }

    [Fact]
    public void A_port_of_the_loopback_address_is_reached_by_the_host_alone()
    {
        _host.Establish(Publishing(Port("127.0.0.1", 8080, "172.30.0.2", 80)));
        Assert.Equal("172.30.0.1", Conversation.SourceOf(_host.Host, "127.0.0.1:8080", _host.One, 80));
        Assert.False(Conversation.Reaches(_host.Host, "192.0.2.1:8080", _host.One, 80));
        Assert.False(Conversation.Reaches(_host.Client, "192.0.2.1:8080", _host.One, 80));
    }

    [Theory]
    [InlineData(TransportProtocol.Tcp, false)]
    [InlineData(TransportProtocol.Tcp, true)]
    [InlineData(TransportProtocol.Udp, false)]
    [InlineData(TransportProtocol.Udp, true)]
    public void Containers_reach_a_port_by_the_hosts_addresses_also_their_own(TransportProtocol protocol, bool bridgedPacketsToo)
    {
        using var host = new FirewalledHost(bridgedPacketsToo);
        host.Establish(Publishing(Port("0.0.0.0", 8080, "172.30.0.2", 80, protocol: protocol), Port("::", 8080, "fd30::2", 80, protocol: protocol)));
        Assert.Equal("172.30.0.1", Conversation.SourceOf(host.One, "192.0.2.1:8080", host.One, 80, protocol));
        Assert.Equal("fd30::1", Conversation.SourceOf(host.One, "[2001:db8::1]:8080", host.One, 80, protocol));
        Assert.Equal("172.30.0.1", Conversation.SourceOf(host.Two, "172.30.0.1:8080", host.One, 80, protocol));
        Assert.Equal("172.31.0.2", Conversation.SourceOf(host.Elsewhere, "172.31.0.1:8080", host.One, 80, protocol));
    }

    [Theory]
    [InlineData(TransportProtocol.Tcp)]
    [InlineData(TransportProtocol.Udp)]
    public void A_port_that_is_removed_is_closed_also_for_those_who_speak(TransportProtocol protocol)
    {
        var (kept, removed) = (Port("0.0.0.0", 8081, "172.30.0.3", 80, protocol: protocol), Port("0.0.0.0", 8080, "172.30.0.2", 80, protocol: protocol));
        _host.Establish(Publishing(kept, removed));
        using (var conversation = Conversation.Begin(_host.Client, "192.0.2.1:8080", _host.One, 80, protocol))
        {
            Assert.True(conversation.GoesOn());
            _host.Change([Ct0 with { Ports = [removed] }], [Ct0]);
            Assert.False(conversation.GoesOn());
        }

        Assert.False(Conversation.Reaches(_host.Client, "192.0.2.1:8080", _host.One, 80, protocol));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8081", _host.Two, 80, protocol));
        _host.Change([Ct0], [Ct0 with { Ports = [removed] }]);
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8080", _host.One, 80, protocol));
    }
}
