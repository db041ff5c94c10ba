using System.Diagnostics;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Runtime.Tests.Names;

/// <summary>Names that no network knows are asked of servers, which may be slow, dead, or liars.</summary>
public sealed class UpstreamTests
{
    [Fact]
    public void Unknown_names_are_passed_on_and_known_ones_are_not()
    {
        using var container = new NamedContainer();
        container.Write("shop", "c1", "address 10.89.4.2", "name web");
        using var server = new FakeServer(container.Host, "127.0.0.1", (query, _) => [query.Answer(0, "192.0.2.1")]);
        Ask(container, "127.0.0.1");
        Assert.Equal(["192.0.2.1"], container.Dig("example.com"));
        Assert.Equal(["192.0.2.1"], container.Dig("single"));
        Assert.Equal(["192.0.2.1"], container.Dig("+noedns sub.web"));
        Assert.Equal(3, server.Asked.Count);
        Assert.Equal(["192.0.2.1"], container.Dig("+tcp example.com"));
        Assert.Equal(["10.89.4.2"], container.Dig("web"));
        Assert.Empty(container.Dig("web AAAA"));
        Assert.Equal(3, server.Asked.Count);
        Assert.Equal(3, server.Asked.Select(asked => asked.Port).Distinct().Count());
        Assert.Equal(3, server.Asked.Select(asked => asked.Id).Distinct().Count());
    }

    [Fact]
    public void Lies_are_not_heard()
    {
        using var container = new NamedContainer();
        using var server = new FakeServer(container.Host, "127.0.0.1", (query, _) => Lies(query).Append(query.Answer(0, "192.0.2.1")));
        Ask(container, "127.0.0.1");
        Assert.Equal(["192.0.2.1"], container.Dig("example.com"));

        static IEnumerable<DnsPacket> Lies(DnsPacket query)
        {
            yield return new DnsPacket([]);
            yield return new DnsPacket([.. query.Bytes[..2], 0x80]);
            yield return query;
            yield return Changed(query.Answer(0, "203.0.113.1"), 0);
            yield return Changed(query.Answer(0, "203.0.113.2"), 14);
            yield return Changed(query.Answer(0, "203.0.113.3"), query.Bytes.AsSpan().IndexOf("com"u8) + 5);
            yield return DnsPacket.Query("other.example", id: query.Id).Answer(0, "203.0.113.4");
            var none = query.Answer(0, "203.0.113.5");
            none.Bytes[5] = 0;
            yield return none;
        }

        static DnsPacket Changed(DnsPacket packet, int offset)
        {
            packet.Bytes[offset] ^= 1;
            return packet;
        }
    }

    [Fact]
    public void What_comes_from_elsewhere_is_not_heard()
    {
        using var container = new NamedContainer();
        using var liar = container.Host.Run(() => new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp));
        liar.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Parse("127.0.0.1"), 5353));
        FakeServer? server = null;
        using var told = server = new FakeServer(container.Host, "127.0.0.1", (query, _) =>
        {
            liar.SendTo(query.Answer(0, "203.0.113.1").Bytes, new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, server!.Asked.Last().Port));
            Thread.Sleep(100);
            return [query.Answer(0, "192.0.2.1")];
        });
        Ask(container, "127.0.0.1");
        Assert.Equal(["192.0.2.1"], container.Dig("example.com"));
    }

    [Fact]
    public void The_next_server_is_asked_when_one_is_silent_dead_or_at_a_loss()
    {
        using var container = new NamedContainer();
        using var silent = new FakeServer(container.Host, "127.0.0.1", (_, _) => []);
        using var lost = new FakeServer(container.Host, "127.0.0.2", (query, _) => [query.Answer(2)]);
        using var good = new FakeServer(container.Host, "::1", (query, _) => [query.Answer(0, "192.0.2.1")]);
        Ask(container, "127.0.0.9", "127.0.0.2", "127.0.0.1", "198.51.100.1", "::1");
        var watch = Stopwatch.StartNew();
        Assert.Equal(["192.0.2.1"], container.Dig("example.com"));
        Assert.InRange(watch.Elapsed.TotalSeconds, 1.9, 4);

        // The one that answered is asked first from now on, by TCP as well.
        Assert.Equal(["192.0.2.1"], container.Dig("example.com"));
        Assert.Equal(["192.0.2.1"], container.Dig("+tcp example.com"));
        Assert.Single(silent.Asked);
    }

    [Fact]
    public void Servers_are_tried_by_TCP_too()
    {
        using var container = new NamedContainer();
        using var lost = new FakeServer(container.Host, "127.0.0.2", (query, _) => [query.Answer(5)]);
        using var closing = new FakeServer(container.Host, "127.0.0.3", (_, _) => []);
        using var good = new FakeServer(container.Host, "127.0.0.4", (query, _) => [query.Answer(0, "192.0.2.1")]);
        Ask(container, "127.0.0.9", "127.0.0.2", "127.0.0.3", "127.0.0.4");
        Assert.Equal(["192.0.2.1"], container.Dig("+tcp example.com"));
    }

    [Fact]
    public void Without_an_answer_the_client_hears_of_failure()
    {
        using var container = new NamedContainer();
        using var silent = new FakeServer(container.Host, "127.0.0.1", (_, _) => []);
        Ask(container, "127.0.0.1", "127.0.0.9");
        Assert.Contains("status: SERVFAIL", container.Execute("dig +tries=1 +time=5 example.com"), StringComparison.Ordinal);
        Assert.Contains("status: SERVFAIL", container.Execute("dig +tcp +tries=1 +time=8 example.com"), StringComparison.Ordinal);
    }

    [Fact]
    public void Large_answers_go_over_TCP()
    {
        using var container = new NamedContainer();
        string[] many = [.. Enumerable.Range(1, 200).Select(index => $"192.0.2.{index}")];
        using var server = new FakeServer(container.Host, "127.0.0.1", (query, _) => [query.Answer(0, many)]);
        Ask(container, "127.0.0.1");
        Assert.Contains("flags: qr tc rd ra", container.Execute("dig +ignore example.com"), StringComparison.Ordinal);
        Assert.Equal(many, container.Dig("example.com"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void From_internal_networks_alone_no_query_leaves(bool alone)
    {
        using var container = new NamedContainer();
        using var server = new FakeServer(container.Host, "127.0.0.1", (query, _) => [query.Answer(0, "192.0.2.1")]);
        IReadOnlyList<NamedNetwork> networks = [container.Network("back", isInternal: true), .. alone ? (NamedNetwork[])[] : [container.Network("shop")]];
        container.Bundle.Network = container.Bundle.Network! with { Names = new MonitorNames { Networks = networks, Servers = ["127.0.0.1"] } };
        container.Run();
        var answer = container.Execute("dig secret.example.com; dig +tcp secret.example.com");
        Assert.Equal(alone, answer.Contains("status: NXDOMAIN", StringComparison.Ordinal));
        Assert.Equal(alone, server.Asked.IsEmpty);
    }

    [Fact]
    public void The_hosts_servers_are_followed_when_its_file_changes()
    {
        using var container = new NamedContainer();
        using var first = new FakeServer(container.Host, "127.0.0.53", (query, _) => [query.Answer(0, "192.0.2.1")]);
        using var second = new FakeServer(container.Host, "127.0.0.54", (query, _) => [query.Answer(0, "192.0.2.2")]);
        var directory = container.Bundle.DirectoryPath;
        File.WriteAllText(Path.Combine(directory, "stub"), "# comment\nsearch x\noptions edns0\nnameserver\t127.0.0.53 \nnameserver nonsense\n");
        File.CreateSymbolicLink(Path.Combine(directory, "host.conf"), "stub");
        container.Bundle.Network = container.Bundle.Network! with
        {
            Names = container.Bundle.Network.Names! with { ResolvConf = Path.Combine(directory, "host.conf") },
        };
        container.Run();
        Assert.Equal(["192.0.2.1"], container.Dig("example.com"));

        File.WriteAllText(Path.Combine(directory, "stub.new"), "nameserver 127.0.0.54\n");
        File.Move(Path.Combine(directory, "stub.new"), Path.Combine(directory, "stub"), overwrite: true);
        Thread.Sleep(1100);
        Assert.Equal(["192.0.2.2"], container.Dig("example.com"));

        File.Delete(Path.Combine(directory, "stub"));
        Thread.Sleep(1100);
        Assert.Contains("status: NXDOMAIN", container.Execute("dig example.com"), StringComparison.Ordinal);
    }

    [Fact]
    public void More_queries_than_can_wait_fail_fast_and_others_go_on()
    {
        using var container = new NamedContainer();
        container.Write("shop", "c1", "address 10.89.4.2", "name web");
        using var silent = new FakeServer(container.Host, "127.0.0.1", (_, _) => []);
        Ask(container, "127.0.0.1");
        using var client = container.Own.Run(() => new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp));
        client.Connect(System.Net.IPEndPoint.Parse("127.0.0.11:53"));
        client.ReceiveTimeout = 1000;
        for (var index = 0; index < 300; index++)
        {
            client.Send(DnsPacket.Query($"n{index}.example").Bytes);
            if (index % 50 == 0)
            {
                Thread.Sleep(5); // what a socket holds is bounded
            }
        }

        var buffer = new byte[512];
        for (var refused = 0; refused < 300 - 256; refused++)
        {
            Assert.Equal(2, new DnsPacket(buffer[..client.Receive(buffer)]).Code);
        }

        Assert.Equal(["10.89.4.2"], container.Dig("web"));
        Thread.Sleep(2200);
        Assert.Equal(2, new DnsPacket(buffer[..client.Receive(buffer)]).Code);
    }

    private static void Ask(NamedContainer container, params string[] servers)
    {
        container.Bundle.Network = container.Bundle.Network! with { Names = container.Bundle.Network.Names! with { Servers = servers } };
        container.Run();
    }
}
