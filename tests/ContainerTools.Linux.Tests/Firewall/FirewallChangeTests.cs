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

    private static FirewallNetwork[] Everything { get; } =
    [
        Ct0 with
        {
            Ports =
            [
                Port("0.0.0.0", 5000, "172.30.0.2", 5000, 1000), Port("::", 5000, "fd30::2", 7000, 3), Port("192.0.2.1", 53, "172.30.0.3", 5353, 2, TransportProtocol.Udp),
                Port("2001:db8::1", 9, "fd30::3", 9, protocol: TransportProtocol.Sctp), Port("0.0.0.0", 65535, "172.30.0.3", 1),
            ],
        },
        Ct1 with { Internal = true, ContainersReachOneAnother = false },
        new() { Bridge = "fifteen.letters", Subnets = [IPNetwork.Parse("10.128.0.0/9"), IPNetwork.Parse("10.9.8.7/32"), IPNetwork.Parse("fd00:1::/61")] },
    ];

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
        _host.Establish(Everything);
        var byNft = Elements();
        Assert.Contains("0.0.0.0/0 . tcp . 5000-5999 : 172.30.0.2", byNft, StringComparison.Ordinal);
        _host.Establish();
        Assert.Empty(Elements());
        _host.Change([], Everything);
        Assert.Equal(byNft, Elements());
        _host.Change(Everything, []);
        Assert.Empty(Elements());
        _host.Establish(Everything);
        _host.Change(Everything, []);
        Assert.Empty(Elements());
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
