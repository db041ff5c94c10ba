using ContainerTools.Runtime.Names;

namespace ContainerTools.Runtime.Tests.Names;

/// <summary>A packet in, a packet out.</summary>
public sealed class NameServiceTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("names-").FullName;
    private readonly NameService service = new();
    private long now = 1000;

    public NameServiceTests()
    {
        Write("shop", "c1", "address 10.89.4.2\naddress fd00::2\nname web\nname web.shop\nname 0123456789ab\npointer web.shop\n");
        Write("shop", "c2", "name db\naddress 10.89.4.3\n");
        service.Networks = [new NameDirectory(Path.Combine(root, "shop"))];
    }

    public void Dispose()
    {
        service.Forget();
        Directory.Delete(root, recursive: true);
    }

    [Theory]
    [InlineData("web", DnsPacket.A, "10.89.4.2")]
    [InlineData("WeB", DnsPacket.A, "10.89.4.2")]
    [InlineData("web.shop", DnsPacket.A, "10.89.4.2")]
    [InlineData("web.SHOP.", DnsPacket.Aaaa, "fd00::2")]
    [InlineData("0123456789ab", DnsPacket.A, "10.89.4.2")]
    [InlineData("db", DnsPacket.A, "10.89.4.3")]
    public void A_name_has_its_address(string name, ushort type, string address)
    {
        var answer = Ask(DnsPacket.Query(name, type));
        Assert.Equal((0, true, true, false), (answer.Code, answer.Authoritative, answer.RecursionAvailable, answer.Truncated));
        Assert.Equal(0x1234, answer.Id);
        Assert.Equal([address], answer.Addresses);
        Assert.All(answer.Records, record => Assert.InRange(record.Lifetime, 0u, 10u));
    }

    [Theory]
    [InlineData("db", DnsPacket.Aaaa)]
    [InlineData("web", DnsPacket.Txt)]
    [InlineData("2.4.89.10.in-addr.arpa", DnsPacket.A)]
    public void A_known_name_without_such_a_record_is_no_error_and_nobody_else_is_asked(string name, ushort type)
    {
        service.HasServers = true;
        var answer = Ask(DnsPacket.Query(name, type));
        Assert.Equal(0, answer.Code);
        Assert.Empty(answer.Records);
    }

    [Fact]
    public void All_records_of_a_name_are_given_to_who_asks_for_any() =>
        Assert.Equal(["10.89.4.2", "fd00::2"], Ask(DnsPacket.Query("web", DnsPacket.Any)).Addresses.Order());

    [Theory]
    [InlineData("2.4.89.10.in-addr.arpa")]
    [InlineData("2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.D.f.IP6.arpa")]
    public void An_address_has_a_name(string name) => Assert.Equal(["web.shop"], Ask(DnsPacket.Query(name, DnsPacket.Ptr)).Pointers);

    [Theory]
    [InlineData("nosuch", DnsPacket.A)]
    [InlineData("eb", DnsPacket.A)]
    [InlineData("shop", DnsPacket.A)]
    [InlineData("sub.web", DnsPacket.A)]
    [InlineData(".", DnsPacket.A)]
    [InlineData("9.4.89.10.in-addr.arpa", DnsPacket.Ptr)]
    [InlineData("3.4.89.10.in-addr.arpa", DnsPacket.Ptr)]
    [InlineData("1000.4.89.10.in-addr.arpa", DnsPacket.Ptr)]
    [InlineData("256.4.89.10.in-addr.arpa", DnsPacket.Ptr)]
    [InlineData("4.89.10.in-addr.arpa", DnsPacket.Ptr)]
    [InlineData("in-addr.arpa", DnsPacket.Ptr)]
    [InlineData("x.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa", DnsPacket.Ptr)]
    public void An_unknown_name_is_for_the_servers_or_is_not(string name, ushort type)
    {
        var packet = DnsPacket.Query(name, type);
        var answer = Ask(packet);
        Assert.Equal(3, answer.Code);
        Assert.Empty(answer.Records);

        service.HasServers = true;
        Assert.Equal(NameService.AskServers, service.Answer(packet.Bytes, new byte[512], stream: false));
    }

    [Fact]
    public void Containers_of_one_name_take_turns()
    {
        Write("shop", "c3", "address 10.89.4.4\nname db\n");
        Write("shop", "c4", "address 10.89.4.5\nname db\n");
        var answers = Enumerable.Range(0, 6).Select(_ => Ask(DnsPacket.Query("db")).Addresses).ToArray();
        Assert.All(answers, addresses => Assert.Equal(["10.89.4.3", "10.89.4.4", "10.89.4.5"], addresses.Order()));
        Assert.Equal([2, 2, 2], answers.CountBy(addresses => addresses[0]).Select(pair => pair.Value));
    }

    [Fact]
    public void The_first_network_that_knows_a_name_answers()
    {
        Write("back", "c1", "address 10.89.5.9\nname db\nname cache\npointer cache.back\n");
        service.Networks = [.. service.Networks, new NameDirectory(Path.Combine(root, "back")), new NameDirectory(Path.Combine(root, "missing"))];
        Assert.Equal(["10.89.4.3"], Ask(DnsPacket.Query("db")).Addresses);
        Assert.Equal(["10.89.5.9"], Ask(DnsPacket.Query("cache")).Addresses);
        Assert.Equal(["cache.back"], Ask(DnsPacket.Query("9.5.89.10.in-addr.arpa", DnsPacket.Ptr)).Pointers);
    }

    [Fact]
    public void What_changes_is_seen_at_once_also_within_a_tick_of_the_file_systems_clock()
    {
        for (var round = 0; round < 300; round++)
        {
            var address = $"10.89.6.{round % 250}";
            Write("shop", "c9", $"address {address}\nname moving\n");
            now = Environment.TickCount64;
            Assert.Equal([address], Ask(DnsPacket.Query("moving")).Addresses);
        }

        File.Delete(Path.Combine(root, "shop", "c9"));
        Assert.Equal(3, Ask(DnsPacket.Query("moving")).Code);
        Directory.Delete(Path.Combine(root, "shop"), recursive: true);
        Assert.Equal(3, Ask(DnsPacket.Query("web")).Code);
        Write("shop", "c1", "address 10.89.4.2\nname web\n");
        Assert.Equal(["10.89.4.2"], Ask(DnsPacket.Query("web")).Addresses);
    }

    [Fact]
    public void Files_that_are_no_name_files_do_no_harm()
    {
        Write("shop", "c5", "address 10.89.4.300\naddress ::g\nname nowhere\n");
        Write("shop", "c6", $"address 10.89.4.6\nname {new string('x', 64)}\nname a..b\nname .\nname \nname\n\nunknown x\nname {string.Join('.', Enumerable.Repeat("abcdefgh", 40))}\nname good");
        Write("shop", "c7", "address 10.89.4.7\nname large\n" + new string('\n', 40_000));
        File.WriteAllText(Path.Combine(root, "shop", ".new"), "address 10.89.4.8\nname unfinished\n");
        Directory.CreateDirectory(Path.Combine(root, "shop", "directory"));
        Assert.Equal(["10.89.4.6"], Ask(DnsPacket.Query("good")).Addresses);
        Assert.All(["nowhere", "large", "unfinished", "a.b"], name => Assert.Equal(3, Ask(DnsPacket.Query(name)).Code));
    }

    [Theory]
    [InlineData(null, 512)]
    [InlineData(100, 512)]
    [InlineData(1232, 1232)]
    [InlineData(9999, 2560)]
    public void An_answer_is_no_larger_than_the_client_takes(int? payload, int limit)
    {
        for (var index = 0; index < 200; index++)
        {
            Write("shop", $"many{index}", $"address 10.90.0.{index}\nname many\n");
        }

        Span<byte> buffer = new byte[2560];
        var packet = DnsPacket.Query("many", payload: payload);
        Refresh();
        var answer = new DnsPacket(buffer[..service.Answer(packet.Bytes, buffer, stream: false)].ToArray());
        Assert.True(answer.Truncated);
        Assert.InRange(answer.Bytes.Length, limit - 16, limit);
        Assert.Equal(payload is null ? 0 : 1, answer.Records.Count(record => record.Type == DnsPacket.Opt));
        Assert.InRange(answer.Addresses.Distinct().Count(), (limit - 60) / 16, 199);

        var whole = new DnsPacket(Answer(packet, stream: true)!);
        Assert.False(whole.Truncated);
        Assert.Equal(200, whole.Addresses.Distinct().Count());
    }

    [Fact]
    public void Options_are_answered_with_options()
    {
        var answer = Ask(DnsPacket.Query("web", payload: 4096));
        var options = Assert.Single(answer.Records, record => record.Type == DnsPacket.Opt);
        Assert.Equal(0x8000u, options.Lifetime);
        Assert.Empty(options.Data);
        Assert.DoesNotContain(Ask(DnsPacket.Query("web")).Records, record => record.Type == DnsPacket.Opt);

        var version = Ask(DnsPacket.Query("web", payload: 4096, version: 1));
        Assert.Equal((0, 1u), (version.Code, Assert.Single(version.Records).Lifetime >> 24));
    }

    [Fact]
    public void What_is_no_question_for_us_is_refused()
    {
        Assert.Equal(5, Ask(DnsPacket.Query("version.bind", DnsPacket.Txt, dnsClass: 3)).Code);
        Assert.Equal(5, Ask(DnsPacket.Query("web", 252)).Code);
        var update = DnsPacket.Query("web");
        update.Bytes[2] |= 5 << 3;
        Assert.Equal(4, Ask(update).Code);
        var two = DnsPacket.Query("web");
        two.Bytes[5] = 2;
        Assert.Equal(1, Ask(two).Code);
    }

    [Fact]
    public void Answers_and_shreds_are_not_answered()
    {
        var answer = DnsPacket.Query("web");
        answer.Bytes[2] |= 0x80;
        Assert.Null(Answer(answer));
        Assert.Null(Answer(new DnsPacket([])));
        Assert.Null(Answer(new DnsPacket(DnsPacket.Query("web").Bytes[..11])));
    }

    [Fact]
    public void Names_that_point_or_have_no_end_are_format_errors()
    {
        byte[] header = DnsPacket.Query("x").Bytes[..12];
        byte[][] questions =
        [
            [],
            [0],
            [0, 0, 1, 0],
            [3, (byte)'w'],
            [0xC0, 12, 0, 1, 0, 1],
            [1, (byte)'a', 0xC0, 12, 0, 1, 0, 1],
            [64, .. new byte[64], 0, 0, 1, 0, 1],
            [.. Enumerable.Repeat<byte[]>([1, (byte)'a'], 128).SelectMany(label => label), 0, 0, 1, 0, 1],
        ];
        Assert.All(questions, question => Assert.Equal(1, Ask(new DnsPacket([.. header, .. question])).Code));

        // Additional records: one that is cut short, one whose name only points to itself, two OPT.
        byte[] web = DnsPacket.Query("web").Bytes;
        byte[] options = DnsPacket.Query("web", payload: 512).Bytes[web.Length..];
        foreach (var (records, count, code) in new (byte[], byte, int)[] { ([], 1, 1), (options[..^1], 1, 1), ([.. options, .. options], 2, 1), ([0xC0, (byte)web.Length, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0], 1, 0) })
        {
            byte[] packet = [.. web, .. records];
            packet[11] = count;
            Assert.Equal(code, Ask(new DnsPacket(packet)).Code);
        }
    }

    [Fact]
    public void No_packet_does_harm()
    {
        Refresh();
        var random = new Random(53);
        var buffer = new byte[512];
        byte[][] seeds = [DnsPacket.Query("web", payload: 1232).Bytes, DnsPacket.Query("2.4.89.10.in-addr.arpa", DnsPacket.Ptr).Bytes, new byte[300]];
        for (var round = 0; round < 300_000; round++)
        {
            var packet = (byte[])seeds[round % 3].Clone();
            if (round % 3 == 2)
            {
                random.NextBytes(packet);
            }

            for (var flips = random.Next(4); flips > 0; flips--)
            {
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            }

            var cut = packet.AsSpan(0, random.Next(packet.Length + 1));
            var length = service.Answer(cut, buffer, stream: false);
            Assert.InRange(length, 0, buffer.Length);
            if (length > 0)
            {
                Assert.True(buffer.AsSpan(0, 2).SequenceEqual(cut[..2]) && (buffer[2] & 0x80) != 0);
                _ = new DnsPacket(buffer[..length]).Records;
            }

            // What a server sends is no more to be trusted.
            _ = UpstreamAnswer.Judge(seeds[0], cut);
        }
    }

    private void Write(string network, string container, string text)
    {
        var directory = Directory.CreateDirectory(Path.Combine(root, network)).FullName;
        File.WriteAllText(Path.Combine(directory, ".new"), text);
        File.Move(Path.Combine(directory, ".new"), Path.Combine(directory, container), overwrite: true);
    }

    private void Refresh() => service.Refresh(now += 5);

    private DnsPacket Ask(DnsPacket query) => new(Answer(query)!);

    private byte[]? Answer(DnsPacket query, bool stream = false)
    {
        Refresh();
        var buffer = new byte[65535];
        var length = service.Answer(query.Bytes, buffer, stream);
        return length == 0 ? null : buffer[..length];
    }
}
