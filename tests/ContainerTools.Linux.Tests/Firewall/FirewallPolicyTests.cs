using System.Net;
using System.Net.Sockets;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Firewall.Nfnetlink;
using ContainerTools.Linux.Netlink;
using static ContainerTools.Linux.Tests.Firewall.FirewalledHost;

namespace ContainerTools.Linux.Tests.Firewall;

/// <summary>Policies between containers, by real traffic. Containers of ct0 talk by the host.</summary>
public sealed class FirewallPolicyTests : IDisposable
{
    private static readonly IPAddress[] s_one = [IPAddress.Parse("172.30.0.2"), IPAddress.Parse("fd30::2")];
    private static readonly IPAddress[] s_two = [IPAddress.Parse("172.30.0.3"), IPAddress.Parse("fd30::3")];
    private static readonly IPAddress[] s_elsewhere = [IPAddress.Parse("172.31.0.2"), IPAddress.Parse("fd31::2")];
    private static readonly FirewallPortRange s_web = new(TransportProtocol.Tcp, 80, 80);
    private readonly FirewalledHost _host = new();

    public FirewallPolicyTests() => _host.TalkByHost();

    public void Dispose() => _host.Dispose();

    private static FirewallHost Networks(params PublishedPort[] ports) => new()
    {
        Networks = [Ct0 with { ContainersTalkByHost = true, Ports = ports }, Ct1 with { ContainersTalkByHost = true }],
    };

    private static FirewallPolicy Allow(IPAddress[] from, IPAddress[] to, params FirewallPortRange[] ports) =>
        new() { Id = "allow", Action = FirewallPolicyAction.Allow, From = from, To = to, Ports = ports };

    private static FirewallPolicy Deny(IPAddress[] from, IPAddress[] to, params FirewallPortRange[] ports) =>
        new() { Id = "deny", Action = FirewallPolicyAction.Deny, From = from, To = to, Ports = ports };

    private static bool Reaches(NetworkNamespace from, string target, NetworkNamespace to, int port, TransportProtocol protocol = TransportProtocol.Tcp) =>
        Conversation.Reaches(from, target, to, port, protocol);

    private bool OneReachesTwo(int port, TransportProtocol protocol = TransportProtocol.Tcp)
    {
        var four = Reaches(_host.One, $"172.30.0.3:{port}", _host.Two, port, protocol);
        Assert.Equal(four, Reaches(_host.One, $"[fd30::3]:{port}", _host.Two, port, protocol));
        return four;
    }

    private bool TwoReachesOne(int port) => Reaches(_host.Two, $"172.30.0.2:{port}", _host.One, port);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_policies_containers_that_talk_by_the_host_reach_one_another_under_their_own_addresses(bool bridgedPacketsToo)
    {
        using var host = new FirewalledHost(bridgedPacketsToo);
        host.TalkByHost();
        host.Firewall.Establish(Networks());
        Assert.Equal("172.30.0.2", Conversation.SourceOf(host.One, "172.30.0.3:80", host.Two, 80));
        Assert.Equal("fd30::2", Conversation.SourceOf(host.One, "[fd30::3]:80", host.Two, 80, TransportProtocol.Udp));
        Assert.True(Echo.Reaches(host.One, "172.30.0.3"));
        Assert.True(Echo.Reaches(host.Two, "fd30::2"));
        host.Firewall.Establish(new() { Networks = [Ct0 with { ContainersTalkByHost = true, ContainersReachOneAnother = false }] });
        Assert.False(Reaches(host.One, "172.30.0.3:80", host.Two, 80));
        Assert.False(Reaches(host.One, "[fd30::3]:80", host.Two, 80));
    }

    [Theory]
    [InlineData("172.30.0.3:80", 20, 5)]
    [InlineData("[fd30::3]:80", 0, 137)]
    public void The_host_tells_nobody_of_a_shorter_way_that_leads_nowhere(string target, int header, byte redirect)
    {
        _host.Firewall.Establish(Networks());
        var six = header == 0;
        using var listener = _host.One.Run(() => new Socket(six ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Raw, six ? ProtocolType.IcmpV6 : ProtocolType.Icmp));
        Assert.True(Redirects(() => _host.Nft("flush chain inet containertools guard_routes\n")));
        Assert.False(Redirects(() => _host.Firewall.Establish(Networks())));

        bool Redirects(Action prepare)
        {
            prepare();
            var buffer = new byte[1500];
            while (listener.Poll(TimeSpan.Zero, SelectMode.SelectRead))
            {
                listener.Receive(buffer);
            }

            using var conversation = Conversation.Begin(_host.One, target, _host.Two, 80, TransportProtocol.Udp);
            for (var round = 0; round < 3; round++)
            {
                Assert.True(conversation.GoesOn());
                while (listener.Poll(TimeSpan.FromMilliseconds(400), SelectMode.SelectRead))
                {
                    listener.Receive(buffer);
                    if (buffer[header] == redirect)
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

    [Fact]
    public void Deny_goes_before_allow_and_is_about_its_ports_and_its_direction()
    {
        _host.Firewall.Establish(Networks() with { Policies = [Allow(s_one, s_two), Deny(s_one, s_two, s_web, new(TransportProtocol.Udp, 50, 60))] });
        Assert.False(OneReachesTwo(80));
        Assert.False(OneReachesTwo(55, TransportProtocol.Udp));
        Assert.True(OneReachesTwo(81));
        Assert.True(OneReachesTwo(80, TransportProtocol.Udp));
        Assert.True(TwoReachesOne(80));
        Assert.True(Echo.Reaches(_host.One, "172.30.0.3"));
    }

    [Fact]
    public void To_a_container_that_is_denied_by_default_only_what_is_allowed_connects()
    {
        _host.Firewall.Establish(Networks(Port("0.0.0.0", 8080, "172.30.0.3", 80), Port("0.0.0.0", 8081, "172.30.0.3", 81)) with { DeniedInbound = s_two, Policies = [Allow(s_one, s_two, s_web)] });
        Assert.True(OneReachesTwo(80));
        Assert.False(OneReachesTwo(81));
        Assert.False(OneReachesTwo(80, TransportProtocol.Udp));
        Assert.False(Echo.Reaches(_host.One, "172.30.0.3"));
        Assert.False(Echo.Reaches(_host.One, "fd30::3"));
        Assert.True(TwoReachesOne(80));
        Assert.True(Echo.Reaches(_host.Two, "172.30.0.2"));

        // By a published port it is the same container and the same port: for containers not another way in, for those outside not a matter of policies.
        Assert.True(Reaches(_host.One, "192.0.2.1:8080", _host.Two, 80));
        Assert.False(Reaches(_host.One, "192.0.2.1:8081", _host.Two, 81));
        Assert.False(Reaches(_host.Elsewhere, "192.0.2.1:8080", _host.Two, 80));
        Assert.True(Reaches(_host.Client, "192.0.2.1:8081", _host.Two, 81));
    }

    [Fact]
    public void From_a_container_that_is_denied_by_default_only_what_is_allowed_connects()
    {
        _host.Firewall.Establish(Networks() with { DeniedOutbound = s_one, Policies = [Allow(s_one, s_two, s_web)] });
        Assert.True(OneReachesTwo(80));
        Assert.False(OneReachesTwo(81));
        Assert.True(TwoReachesOne(81));
        Assert.True(Reaches(_host.One, "192.0.2.9:81", _host.Client, 81));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Allow_opens_the_isolation_of_networks_for_exactly_that(bool isInternal)
    {
        var networks = Networks();
        _host.Firewall.Establish(networks with { Networks = [networks.Networks[0] with { Internal = isInternal }, networks.Networks[1]], Policies = [Allow(s_elsewhere, s_one, s_web)] });
        Assert.Equal("172.31.0.2", Conversation.SourceOf(_host.Elsewhere, "172.30.0.2:80", _host.One, 80));
        Assert.Equal("fd31::2", Conversation.SourceOf(_host.Elsewhere, "[fd30::2]:80", _host.One, 80));
        Assert.False(Reaches(_host.Elsewhere, "172.30.0.2:81", _host.One, 81));
        Assert.False(Reaches(_host.Elsewhere, "172.30.0.3:80", _host.Two, 80));
        Assert.False(Reaches(_host.One, "172.31.0.2:80", _host.Elsewhere, 80));
        Assert.False(Reaches(_host.Client, "172.30.0.2:80", _host.One, 80));
    }

    [Fact]
    public void Containers_come_and_go_by_elements_and_lose_their_connections()
    {
        var allow = Allow(s_one, s_two, s_web, new(TransportProtocol.Tcp, 90, 99));
        var full = Networks() with { DeniedInbound = s_two, Policies = [allow] };
        _host.Firewall.Establish(full with { Policies = [allow with { From = [] }] });
        Assert.False(OneReachesTwo(80));
        FirewallHost with = new() { Policies = [allow with { To = [] }] }, without = new() { Policies = [allow with { From = [], To = [] }] };
        Assert.False(FirewallPlanner.Change(FirewallTable.DefaultName, without, with).ChangesRules);
        _host.Firewall.Change(without, with);
        Assert.True(OneReachesTwo(80));

        using var conversation = Conversation.Begin(_host.One, "172.30.0.3:95", _host.Two, 95);
        var removal = FirewallPlanner.Removal(FirewallTable.DefaultName, with).ToBatch().ToBytes();
        Assert.True(conversation.GoesOn());
        using var socket = NfnetlinkSocket.Open(_host.Host);
        socket.Remove(removal);
        Assert.False(conversation.GoesOn());
        Assert.False(OneReachesTwo(80));
        socket.Remove(removal);
    }

    [Fact]
    public void Policies_come_change_and_go_and_connections_that_are_no_longer_allowed_are_cut()
    {
        var before = Networks();
        _host.Firewall.Establish(before);
        using var cut = Conversation.Begin(_host.One, "172.30.0.3:85", _host.Two, 85);
        using var kept = Conversation.Begin(_host.Two, "172.30.0.2:80", _host.One, 80);
        var denied = before with { Policies = [Deny(s_one, s_two, new FirewallPortRange(TransportProtocol.Tcp, 80, 85)), Allow(s_two, s_one)] };
        _host.Firewall.Change(before, denied);
        Assert.False(cut.GoesOn());
        Assert.True(kept.GoesOn());
        Assert.False(OneReachesTwo(80));
        Assert.True(OneReachesTwo(86));

        var changed = denied with { Policies = [Deny(s_one, s_two, new FirewallPortRange(TransportProtocol.Tcp, 86, 90)), denied.Policies[1]] };
        _host.Firewall.Change(denied, changed);
        Assert.True(OneReachesTwo(80));
        Assert.False(OneReachesTwo(86));
        _host.Firewall.Change(changed, before);
        Assert.True(OneReachesTwo(86));
        Assert.DoesNotContain("policy_", _host.Nft("list table inet containertools\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_goes_on_sending_is_cut_as_well()
    {
        var allowed = Networks() with { Policies = [Allow(s_elsewhere, s_one)] };
        _host.Firewall.Establish(allowed);
        using var server = _host.One.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        using var client = _host.Elsewhere.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        server.Bind(new IPEndPoint(IPAddress.Any, 80));
        client.Connect(IPEndPoint.Parse("172.30.0.2:80"));
        client.Send("subscribe"u8);
        EndPoint subscriber = new IPEndPoint(IPAddress.Any, 0);
        server.ReceiveFrom(new byte[100], ref subscriber);
        Assert.True(Arrives());
        Assert.True(Arrives());
        _host.Firewall.Change(allowed, allowed with { Policies = [Allow([], s_one)] });
        Assert.False(Arrives());
        _host.Firewall.Change(allowed with { Policies = [Allow([], s_one)] }, allowed);
        Assert.False(Arrives());
        client.Send("subscribe"u8);
        server.ReceiveFrom(new byte[100], ref subscriber);
        Assert.True(Arrives());
        _host.Firewall.Change(allowed, Networks());
        Assert.False(Arrives());

        bool Arrives()
        {
            server.SendTo("news"u8, subscriber);
            return client.Poll(TimeSpan.FromMilliseconds(500), SelectMode.SelectRead) && client.Receive(new byte[100]) == 4;
        }
    }

    [Fact]
    public void What_is_outside_can_be_denied()
    {
        var port = Port("0.0.0.0", 8080, "172.30.0.3", 80);
        _host.Firewall.Establish(Networks(port) with { Policies = [Deny([], s_two) with { FromOutside = true }, new() { Id = "out", Action = FirewallPolicyAction.Deny, From = s_one, ToOutside = true }] });
        Assert.False(Reaches(_host.Client, "192.0.2.1:8080", _host.Two, 80));
        Assert.True(Reaches(_host.One, "192.0.2.1:8080", _host.Two, 80));
        Assert.False(Reaches(_host.One, "192.0.2.9:80", _host.Client, 80));
        Assert.False(Reaches(_host.One, "[2001:db8::9]:80", _host.Client, 80, TransportProtocol.Udp));
        Assert.True(Reaches(_host.Two, "192.0.2.9:80", _host.Client, 80));
        Assert.True(OneReachesTwo(80));
    }

    [Fact]
    public void A_change_that_fails_leaves_policies_as_they_were()
    {
        var policies = Networks() with { Policies = [Deny(s_one, s_two)] };
        _host.Firewall.Establish(policies);
        var rules = _host.Nft("list table inet containertools\n");
        var wrong = policies with { Policies = [Deny(s_one, s_two), new() { Id = "absent", Action = FirewallPolicyAction.Deny }] };
        Assert.Throws<NftablesException>(() => _host.Firewall.Change(wrong, policies));
        Assert.Equal(rules, _host.Nft("list table inet containertools\n"));
        Assert.False(OneReachesTwo(80));
    }
}
