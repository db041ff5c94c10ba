using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Firewall.Nfnetlink;
using static ContainerTools.Linux.Tests.Firewall.FirewalledHost;

namespace ContainerTools.Linux.Tests.Firewall;

/// <summary>What goes to the kernel directly must be what nft would have made of the same text.</summary>
public sealed partial class FirewallChangeTests : IDisposable
{
    private readonly FirewalledHost _host = new();

    public void Dispose() => _host.Dispose();

    private static FirewallHost Everything { get; } = new()
    {
        ForwardsIPv4ForContainersOnly = true,
        ForwardsIPv6ForContainersOnly = true,
        DeniedInbound = [IPAddress.Parse("10.128.0.2"), IPAddress.Parse("fd00:1::2")],
        DeniedOutbound = [IPAddress.Parse("10.128.0.3"), IPAddress.Parse("fd00:1::3")],
        Networks =
        [
            Ct0 with
            {
                Ports =
                [
                    Port("0.0.0.0", 5000, "172.30.0.2", 5000, 1000), Port("::", 5000, "fd30::2", 7000, 3), Port("192.0.2.1", 53, "172.30.0.3", 5353, 2, TransportProtocol.Udp),
                    Port("2001:db8::1", 9, "fd30::3", 9, protocol: TransportProtocol.Sctp), Port("0.0.0.0", 65535, "172.30.0.3", 1), Port("2001:db8::1", 6000, "fd30::2", 6000, 10),
                ],
            },
            Ct1 with { Internal = true, ContainersReachOneAnother = false },
            new() { Bridge = "fifteen.letters", ContainersTalkByHost = true, Subnets = [IPNetwork.Parse("10.128.0.0/9"), IPNetwork.Parse("10.9.8.7/32"), IPNetwork.Parse("fd00:1::/61")] },
            new() { Bridge = "routed", GatewayMode = FirewallGatewayMode.Routed, Subnets = [IPNetwork.Parse("10.1.0.0/16")], Ports = [Port("0.0.0.0", 1, "10.1.0.2", 80)] },
            new() { Bridge = "open", GatewayMode = FirewallGatewayMode.NatUnprotected, Subnets = [] },
            new() { Bridge = "closed", GatewayMode = FirewallGatewayMode.Isolated, Subnets = [] },
        ],
    };

    // The elements of every set, sorted: the kernel keeps them in an order of its own.
    private string Elements()
    {
        var sets = SetWithElements().Matches(_host.Nft("list table inet containertools\n"));
        return string.Join('\n', sets.Select(set => $"{set.Groups[1].Value}: {string.Join(", ", set.Groups[2].Value.Split(',').Select(element => element.Trim()).Order(StringComparer.Ordinal))}"));
    }

    [GeneratedRegex(@"(?:set|map) (\w+) \{[^{}]*elements = \{([^}]*)\}")]
    private static partial Regex SetWithElements();

    [Fact]
    public void Elements_written_directly_are_those_that_nft_writes()
    {
        FirewallHost nothing = new();
        _host.Firewall.Establish(Everything);
        var byNft = Elements();
        Assert.Contains("0.0.0.0/0 . tcp . 5000-5999 : 172.30.0.2", byNft, StringComparison.Ordinal);
        Assert.Equal(SetsOfTheTable(), byNft.Split('\n').Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal)); // none is left out here
        _host.Firewall.Establish(nothing);
        Assert.Empty(Elements());
        _host.Firewall.Change(nothing, Everything);
        Assert.Equal(byNft, Elements());
        _host.Firewall.Change(Everything, nothing);
        Assert.Empty(Elements());
        _host.Firewall.Establish(Everything);
        _host.Firewall.Change(Everything, nothing);
        Assert.Empty(Elements());
    }

    private static IEnumerable<string> SetsOfTheTable() =>
        SetOfTheTable().Matches(FirewallTable.Commands("containertools")).Select(set => set.Groups[1].Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^\s+(?:set|map) (\w+) \{", RegexOptions.Multiline)]
    private static partial Regex SetOfTheTable();

    [Fact]
    public void Changes_of_many_threads_and_of_a_second_store_all_take_place()
    {
        using var other = new NetworkFirewall(Nftables.Open(), _host.Host, "containertools-0badcafe");
        _host.Establish(Ct0);
        other.Establish(new() { Networks = [Ct1] });
        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 8 }, number =>
        {
            var port = Port("0.0.0.0", 1000 + number, "172.30.0.2", 1000 + number);
            _host.Change([Ct0], [Ct0 with { Ports = [port] }]);
            other.Change(new() { Networks = [Ct1] }, new() { Networks = [Ct1 with { Ports = [port with { ContainerAddress = IPAddress.Parse("172.31.0.2") }] }] });
            if (number % 2 == 0)
            {
                _host.Change([Ct0 with { Ports = [port] }], [Ct0]);
            }

            if (number % 20 == 0)
            {
                _host.Nft("add table inet theirs\n");
            }
        });
        Assert.Equal(30, Count(".0.2 . 10", "containertools"));
        Assert.Equal(60, Count(".0.2 . 10", "containertools-0badcafe"));

        int Count(string text, string table) => _host.Nft($"list map inet {table} published_anywhere_ipv4\n").Split(text).Length - 1;
    }

    [Fact]
    public void A_container_is_taken_out_by_bytes_that_were_left_and_its_neighbours_stay()
    {
        PublishedPort[] mine = [Port("0.0.0.0", 8080, "172.30.0.2", 80), Port("0.0.0.0", 9000, "172.30.0.2", 9000, 10), Port("::", 8080, "fd30::2", 80)];
        var other = Port("0.0.0.0", 8081, "172.30.0.3", 80);
        _host.Establish(Publishing(other));
        var without = Elements();
        _host.Establish(Publishing([.. mine, other]));
        var removal = FirewallPlanner.Removal(FirewallTable.DefaultName, new() { Networks = [Ct0 with { Ports = mine }] }).ToBatch().ToBytes();
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8080", _host.One, 80));
        using var socket = NfnetlinkSocket.Open(_host.Host);
        socket.Remove(removal);
        Assert.Equal(without, Elements());
        Assert.False(Conversation.Reaches(_host.Client, "192.0.2.1:8080", _host.One, 80));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:8081", _host.Two, 80));

        _host.Establish(Publishing(other, mine[1])); // some of it was gone
        socket.Remove(removal);
        Assert.Equal(without, Elements());
        _host.Firewall.Remove();
        socket.Remove(removal);
    }

    [Fact]
    public void A_change_does_not_read_what_is_there()
    {
        // Thousands of elements cost nothing to somebody who changes one: they are neither listed nor checked one by one.
        var many = Enumerable.Range(0, 2000).Select(number => Port("192.0.2.1", 10_000 + (number * 2), "172.30.0.3", 20_000 + number)).ToArray();
        _host.Establish(Publishing(many));
        var one = Port("0.0.0.0", 80, "172.30.0.2", 80);
        _host.Change([Ct0], [Ct0 with { Ports = [one] }]);
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:80", _host.One, 80));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, string.Create(CultureInfo.InvariantCulture, $"192.0.2.1:{10_000 + 3998}"), _host.Two, 21_999));
        _host.Change([Ct0 with { Ports = many }], [Ct0]);
        Assert.False(Conversation.Reaches(_host.Client, "192.0.2.1:10000", _host.Two, 20_000));
        Assert.Equal("192.0.2.9", Conversation.SourceOf(_host.Client, "192.0.2.1:80", _host.One, 80));
    }
}
