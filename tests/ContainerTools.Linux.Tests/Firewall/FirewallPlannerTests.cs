using System.Net;
using ContainerTools.Linux.Firewall;

namespace ContainerTools.Linux.Tests.Firewall;

public class FirewallPlannerTests
{
    private static readonly FirewallNetwork s_network = new() { Bridge = "ct0", Subnets = [IPNetwork.Parse("172.30.0.0/16"), IPNetwork.Parse("fd30::/64")] };

    private static PublishedPort Port(string host, int hostPort, string container, int containerPort, int count = 1) => new()
    {
        Protocol = TransportProtocol.Tcp,
        HostAddress = IPAddress.Parse(host),
        HostPort = (ushort)hostPort,
        ContainerAddress = IPAddress.Parse(container),
        ContainerPort = (ushort)containerPort,
        Count = count,
    };

    private static FirewallNetwork Publishing(params PublishedPort[] ports) => s_network with { Ports = ports };

    private static string Change(params PublishedPort[] ports) => Change([s_network], [Publishing(ports)]);

    private static string Change(FirewallNetwork[] before, FirewallNetwork[] after) =>
        FirewallPlanner.Change(FirewallTable.DefaultName, new() { Networks = before }, new() { Networks = after }).ToString();

    private static string Establish(params FirewallNetwork[] networks) => FirewallPlanner.Establish(FirewallTable.DefaultName, new() { Networks = networks });

    [Fact]
    public void A_thousand_ports_that_stay_the_same_are_one_element_and_no_rule() => Assert.Equal(
        """
        add element inet containertools published_ranges_ipv4 {
            0.0.0.0/0 . tcp . 8000-8999 : 172.30.0.2
        }
        add element inet containertools endpoint_ranges_ipv4 {
            172.30.0.2 . tcp . 8000-8999
        }

        """,
        Change(Port("0.0.0.0", 8000, "172.30.0.2", 8000, 1000)));

    [Fact]
    public void Sources_of_a_network_in_a_VRF_are_translated_as_the_VRFs() => Assert.Equal(
        """
        add element inet containertools subnets_ipv4 {
            172.30.0.0/16 . "red"
        }
        add element inet containertools subnets_ipv6 {
            fd30::/64 . "red"
        }

        """,
        Change([s_network], [s_network with { Vrf = "red" }]));

    [Fact]
    public void Sources_of_a_routed_network_in_a_VRF_are_kept_and_its_name_is_checked()
    {
        Assert.Empty(Change([s_network with { GatewayMode = FirewallGatewayMode.Routed }], [s_network with { GatewayMode = FirewallGatewayMode.Routed, Vrf = "red" }]));
        Assert.Contains("'red; x'", Assert.Throws<ArgumentException>(() => Change([], [s_network with { Vrf = "red; x" }])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_that_change_are_an_element_each() => Assert.Equal(
        """
        add element inet containertools published_ipv6 {
            2001:db8::1 . tcp . 8080 : fd30::2 . 80,
            2001:db8::1 . tcp . 8081 : fd30::2 . 81
        }
        add element inet containertools endpoint_ranges_ipv6 {
            fd30::2 . tcp . 80-81
        }

        """,
        Change(Port("2001:db8::1", 8080, "fd30::2", 80, 2)));

    [Fact]
    public void Removing_is_the_reverse_of_adding_and_equal_states_need_nothing()
    {
        var port = Port("0.0.0.0", 80, "172.30.0.2", 80);
        var other = Port("127.0.0.1", 81, "172.30.0.3", 80);
        Assert.Equal(Change(port).Replace("add ", "delete ", StringComparison.Ordinal), Change([Publishing(other, port)], [Publishing(other)]));
        Assert.Empty(Change([Publishing(other, port)], [Publishing(port, other)]));
    }

    [Fact]
    public void Ports_of_a_container_that_are_published_twice_are_joined()
    {
        var text = Change(
            Port("0.0.0.0", 8080, "172.30.0.2", 80),
            Port("0.0.0.0", 8081, "172.30.0.2", 80),
            Port("0.0.0.0", 9000, "172.30.0.2", 80, 3),
            Port("0.0.0.0", 9003, "172.30.0.2", 82, 2),
            Port("0.0.0.0", 90, "172.30.0.2", 90, 2));
        Assert.Contains(
            """
            endpoints_ipv4 {
                172.30.0.2 . tcp . 80
            }
            add element inet containertools endpoint_ranges_ipv4 {
                172.30.0.2 . tcp . 80-83,
                172.30.0.2 . tcp . 90-91
            }
            """,
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Networks_differ_in_elements_only()
    {
        var text = Change([], [s_network with { Internal = true, ContainersReachOneAnother = false }]);
        Assert.Contains("internal_bridges", text, StringComparison.Ordinal);
        Assert.DoesNotContain("within_network", text, StringComparison.Ordinal);
        Assert.Contains("add element inet containertools within_network", Establish(s_network), StringComparison.Ordinal);
    }

    [Fact]
    public void Taking_a_container_out_leaves_its_network()
    {
        var port = Port("0.0.0.0", 8080, "172.30.0.2", 80);
        var removal = FirewallPlanner.Removal("containertools-0badcafe", new() { Networks = [Publishing(port)] });
        Assert.Equal(Change(port).Replace("add element inet containertools", "delete element inet containertools-0badcafe", StringComparison.Ordinal), removal.ToString());
    }

    private static FirewallPolicy Policy(string id, FirewallPolicyAction action) => new()
    {
        Id = id,
        Action = action,
        From = [IPAddress.Parse("10.0.0.2")],
        To = [IPAddress.Parse("fd10::3")],
        Ports = [new(TransportProtocol.Tcp, 85, 95), new(TransportProtocol.Udp, 53, 53), new(TransportProtocol.Tcp, 80, 90)],
    };

    [Fact]
    public void A_policy_is_sets_of_addresses_and_a_rule_for_each_family_and_deny_comes_first()
    {
        FirewallHost before = new() { Policies = [Policy("a", FirewallPolicyAction.Allow), Policy("gone", FirewallPolicyAction.Deny)] };
        FirewallHost after = new() { Policies = [Policy("a", FirewallPolicyAction.Allow), Policy("b", FirewallPolicyAction.Deny)] };
        Assert.Equal(
            """
            flush chain inet containertools policies
            delete set inet containertools policy_gone_from_ipv4
            delete set inet containertools policy_gone_to_ipv4
            delete set inet containertools policy_gone_from_ipv6
            delete set inet containertools policy_gone_to_ipv6
            add set inet containertools policy_b_from_ipv4 { type ipv4_addr; }
            add set inet containertools policy_b_to_ipv4 { type ipv4_addr; }
            add set inet containertools policy_b_from_ipv6 { type ipv6_addr; }
            add set inet containertools policy_b_to_ipv6 { type ipv6_addr; }
            add rule inet containertools policies ip saddr @policy_b_from_ipv4 ip daddr @policy_b_to_ipv4 meta l4proto . th dport { tcp . 80-95, udp . 53 } iifname @bridges drop
            add rule inet containertools policies ip6 saddr @policy_b_from_ipv6 ip6 daddr @policy_b_to_ipv6 meta l4proto . th dport { tcp . 80-95, udp . 53 } iifname @bridges drop
            add rule inet containertools policies ip saddr @policy_a_from_ipv4 ip daddr @policy_a_to_ipv4 meta l4proto . th dport { tcp . 80-95, udp . 53 } iifname @bridges accept
            add rule inet containertools policies ip6 saddr @policy_a_from_ipv6 ip6 daddr @policy_a_to_ipv6 meta l4proto . th dport { tcp . 80-95, udp . 53 } iifname @bridges accept
            add element inet containertools policy_b_from_ipv4 {
                10.0.0.2
            }
            add element inet containertools policy_b_to_ipv6 {
                fd10::3
            }

            """,
            FirewallPlanner.Change(FirewallTable.DefaultName, before, after).ToString());
    }

    public static TheoryData<FirewallPolicy, string> WrongPolicies => new()
    {
        { Policy("", FirewallPolicyAction.Deny), "cannot name" },
        { Policy("a { }", FirewallPolicyAction.Deny), "cannot name" },
        { Policy("a", (FirewallPolicyAction)7), "no such action" },
        { Policy("a", FirewallPolicyAction.Allow) with { FromOutside = true }, "outside" },
        { Policy("a", FirewallPolicyAction.Allow) with { Ports = [new(TransportProtocol.Tcp, 90, 80)] }, "no range" },
        { Policy("a", FirewallPolicyAction.Allow) with { Ports = [new(TransportProtocol.Tcp, 0, 80)] }, "no range" },
        { Policy("a", FirewallPolicyAction.Allow) with { To = [IPAddress.Parse("172.30.0.2")] }, "past the host" },
        { Policy("a", FirewallPolicyAction.Allow) with { To = [IPAddress.Parse("fe80::1%3")] }, "zone" },
    };

    [Theory]
    [MemberData(nameof(WrongPolicies))]
    public void A_policy_that_cannot_be_or_could_not_hold_is_refused_with_the_reason(FirewallPolicy policy, string reason)
    {
        var error = Assert.Throws<ArgumentException>(() => FirewallPlanner.Establish(FirewallTable.DefaultName, new() { Networks = [s_network], Policies = [policy] }));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("containertools; flush ruleset")]
    [InlineData("a\nb")]
    public void A_table_name_that_nft_could_read_otherwise_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => FirewallPlanner.Establish(name, new()));
        Assert.Throws<ArgumentException>(() => FirewallPlanner.Remove(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ct*")]
    [InlineData("ct0\" }; flush ruleset; #")]
    [InlineData("ct0\n")]
    [InlineData("ct 0")]
    [InlineData("..")]
    [InlineData("-ct0")]
    [InlineData("$ct0")]
    [InlineData("@ct0")]
    [InlineData("ctö")]
    [InlineData("sixteenletters00")]
    public void A_bridge_name_that_nft_could_read_otherwise_is_refused(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => Establish(s_network with { Bridge = name }));
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<PublishedPort, string> WrongPorts => new()
    {
        { Port("0.0.0.0", 0, "172.30.0.2", 80), "start at 1" },
        { Port("0.0.0.0", 80, "172.30.0.2", 0), "start at 1" },
        { Port("0.0.0.0", 80, "172.30.0.2", 80, 0), "at least one port" },
        { Port("0.0.0.0", 65000, "172.30.0.2", 80, 1000), "65535" },
        { Port("0.0.0.0", 80, "172.30.0.2", 80, int.MaxValue), "65535" },
        { Port("::", 80, "172.30.0.2", 80), "one family" },
        { Port("0.0.0.0", 80, "172.31.0.2", 80), "not in a subnet" },
        { Port("fe80::1%2", 80, "fd30::2", 80), "zone" },
        { Port("::ffff:10.0.0.1", 80, "fd30::2", 80), "maps" },
        { Port("::1", 80, "fd30::2", 80), "::1" },
        { Port("0.0.0.0", 80, "172.30.0.2", 80) with { Protocol = (TransportProtocol)9 }, "protocol" },
    };

    [Theory]
    [MemberData(nameof(WrongPorts))]
    public void A_port_that_cannot_be_is_refused_with_the_reason(PublishedPort port, string reason)
    {
        var error = Assert.Throws<ArgumentException>(() => Change(port));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_of_the_host_leads_to_one_container()
    {
        var any = Port("0.0.0.0", 8000, "172.30.0.2", 8000, 100);
        var one = Port("127.0.0.1", 8099, "172.30.0.3", 80);
        Assert.Contains("published already", Assert.Throws<ArgumentException>(() => Change(any, one)).Message, StringComparison.Ordinal);
        Assert.NotEmpty(Change(any, one with { HostPort = 8100 }, one with { Protocol = TransportProtocol.Udp }));
        Assert.NotEmpty(Change(any with { HostAddress = IPAddress.Parse("10.0.0.1") }, one));
    }

    [Fact]
    public void Networks_that_contradict_themselves_or_one_another_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Establish(s_network, s_network));
        Assert.Throws<ArgumentException>(() => Establish(s_network with { Subnets = [IPNetwork.Parse("0.0.0.0/0")] }));
        Assert.Throws<ArgumentException>(() => Establish(Publishing(Port("0.0.0.0", 80, "172.30.0.2", 80)) with { Internal = true }));
    }
}
