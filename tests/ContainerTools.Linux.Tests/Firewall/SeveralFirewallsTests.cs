using ContainerTools.Linux.Firewall;
using static ContainerTools.Linux.Tests.Firewall.FirewalledHost;

namespace ContainerTools.Linux.Tests.Firewall;

/// <summary>Two stores on one host: ct0 is of one, ct1 of the other.</summary>
public sealed class SeveralFirewallsTests : IDisposable
{
    private readonly FirewalledHost _host = new();
    private readonly NetworkFirewall _other;

    public SeveralFirewallsTests() => _other = new NetworkFirewall(Nftables.Open(), _host.Host, "containertools-0badcafe");

    public void Dispose()
    {
        _other.Dispose();
        _host.Dispose();
    }

    [Fact]
    public void Each_has_a_table_and_does_not_disturb_the_other()
    {
        _host.Establish(Ct0 with { Ports = [Port("0.0.0.0", 8080, "172.30.0.2", 80)] });
        Assert.False(_other.IsEstablished());
        _other.Establish(new() { Networks = [Ct1 with { Ports = [Port("0.0.0.0", 8081, "172.31.0.2", 80)] }] });
        _host.Firewall.Establish(new() { Networks = [Ct0 with { Ports = [Port("0.0.0.0", 8080, "172.30.0.2", 80)] }] });
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8080", _host.One, 80));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8081", _host.Elsewhere, 80));
        Assert.Equal("192.0.2.1", Conversation.SourceOf(_host.One, "192.0.2.9:80", _host.Client, 80));
        Assert.Equal("192.0.2.1", Conversation.SourceOf(_host.Elsewhere, "192.0.2.9:80", _host.Client, 80));
        Assert.False(Conversation.Reaches(_host.Client, "172.31.0.2:80", _host.Elsewhere, 80));
        Assert.False(Conversation.Reaches(_host.Elsewhere, "172.30.0.2:80", _host.One, 80));
        Assert.False(Conversation.Reaches(_host.One, "172.31.0.2:80", _host.Elsewhere, 80));

        _host.Firewall.Remove();
        Assert.True(_other.IsEstablished());
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8081", _host.Elsewhere, 80));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "172.30.0.2:80", _host.One, 80));
    }

    [Fact]
    public void A_container_reaches_a_port_that_the_other_publishes()
    {
        _host.Establish(Ct0 with { Ports = [Port("0.0.0.0", 8080, "172.30.0.2", 80)] });
        _other.Establish(new() { Networks = [Ct1] });
        Assert.Equal("172.30.0.1", Conversation.SourceOf(_host.Elsewhere, "192.0.2.1:8080", _host.One, 80));
        Assert.Equal("172.30.0.1", Conversation.SourceOf(_host.Two, "192.0.2.1:8080", _host.One, 80));
    }
}
