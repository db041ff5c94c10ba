using System.Text;
using System.Text.Json;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Logging;

namespace ContainerTools.Runtime.Tests.Monitoring;

public sealed class JsonLogTests : IDisposable
{
    private static readonly DateTime Time = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private readonly string directory = Directory.CreateTempSubdirectory("log-test-").FullName;
    private readonly byte[] scratch = new byte[LogLines.ScratchSize];

    private string LogPath => Path.Combine(directory, "log.json");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private string[] Written(params byte[][] pieces)
    {
        using (var file = new JsonLogFile(new LogSpec { Path = LogPath }))
        using (var lines = new LogLines(file, "stdout"))
        {
            foreach (var piece in pieces)
            {
                lines.Append(piece, Time, scratch);
            }

            lines.Flush(Time, scratch);
        }

        return File.ReadAllLines(LogPath);
    }

    private static string Text(string line) => JsonDocument.Parse(line).RootElement.GetProperty("log").GetString()!;

    [Fact]
    public void A_line_becomes_a_record_as_Docker_writes_it() =>
        Assert.Equal(["""{"log":"hello\n","stream":"stdout","time":"2026-01-02T03:04:05Z"}"""], Written("hello\n"u8.ToArray()));

    [Theory]
    [InlineData(1_000_000, "2026-01-02T03:04:05.1Z")]
    [InlineData(1_234_560, "2026-01-02T03:04:05.123456Z")]
    [InlineData(1, "2026-01-02T03:04:05.0000001Z")]
    public void Times_lose_their_trailing_zeros_only(int ticks, string expected)
    {
        var buffer = new byte[200];
        var length = JsonLogRecord.Format(buffer, "x"u8, "stderr"u8, Time.AddTicks(ticks));
        Assert.Equal($$"""{"log":"x","stream":"stderr","time":"{{expected}}"}""" + "\n", Encoding.UTF8.GetString(buffer, 0, length));
    }

    [Fact]
    public void A_line_may_come_in_pieces_and_end_without_a_newline()
    {
        var lines = Written("he"u8.ToArray(), "llo\nwor"u8.ToArray(), "ld"u8.ToArray());
        Assert.Equal(["hello\n", "world"], lines.Select(Text));
    }

    [Fact]
    public void Long_lines_are_cut_at_16_KiB_between_characters()
    {
        var line = new string('a', 16383) + new string('ü', 20000) + "\n";
        var texts = Written(Encoding.UTF8.GetBytes(line)).Select(Text).ToArray();
        Assert.Equal(line, string.Concat(texts));
        Assert.Equal(16383, texts[0].Length);
        Assert.All(texts[..^1], text => Assert.DoesNotContain('\n', text));
        Assert.EndsWith("\n", texts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_become_valid_JSON()
    {
        var random = new Random(7);
        var bytes = new byte[300_000];
        random.NextBytes(bytes);
        var lines = Written([.. bytes.Chunk(1000)]);
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.NotNull(Text(line)));
    }

    [Fact]
    public void Special_characters_survive()
    {
        const string text = "tab\t quote\" back\\slash <b>&amp; \u0001\u007f\u2028\u2029 \U0001F600 é\r\n";
        Assert.Equal(text, Text(Assert.Single(Written(Encoding.UTF8.GetBytes(text)))));
    }

    [Fact]
    public void Broken_UTF8_is_replaced() =>
        Assert.Equal("a\ufffdb\ufffdc\n", Text(Assert.Single(Written([(byte)'a', 0xff, (byte)'b', 0xe2, 0x82, (byte)'c', (byte)'\n']))));

    [Fact]
    public void Files_rotate_at_their_size_with_whole_records_and_the_oldest_goes()
    {
        using (var file = new JsonLogFile(new LogSpec { Path = LogPath, MaximumSize = 10_000, MaximumFiles = 3 }))
        using (var lines = new LogLines(file, "stdout"))
        {
            for (var number = 0; number < 1000; number++)
            {
                lines.Append(Encoding.UTF8.GetBytes($"line {number:D6}\n"), Time, scratch);
            }
        }

        var files = Directory.GetFiles(directory).Select(path => Path.GetFileName(path)).Order().ToArray();
        Assert.Equal(["log.json", "log.json.1", "log.json.2"], files);
        Assert.All(Directory.GetFiles(directory), path => Assert.InRange(new FileInfo(path).Length, 1, 10_000));
        var texts = new[] { ".2", ".1", "" }.SelectMany(suffix => File.ReadAllLines(LogPath + suffix)).Select(Text).ToArray();
        Assert.Equal("line 000999\n", texts[^1]);
        var first = int.Parse(texts[0].AsSpan(5, 6), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Enumerable.Range(first, 1000 - first).Select(number => $"line {number:D6}\n"), texts);
    }

    [Fact]
    public void A_single_file_starts_anew_when_full()
    {
        using (var file = new JsonLogFile(new LogSpec { Path = LogPath, MaximumSize = 1000, MaximumFiles = 1 }))
        using (var lines = new LogLines(file, "stdout"))
        {
            lines.Append(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("0123456789\n", 100))), Time, scratch);
        }

        Assert.Equal([LogPath], Directory.GetFiles(directory));
        Assert.InRange(new FileInfo(LogPath).Length, 1, 1000);
    }

    [Fact]
    public void Half_a_record_of_a_killed_monitor_spoils_no_other()
    {
        File.WriteAllText(LogPath, """{"log":"first\n","stream":"stdout","time":"2026-01-02T03:04:05Z"}""" + "\n{\"log\":\"ha");
        var lines = Written("next\n"u8.ToArray());
        Assert.Equal(3, lines.Length);
        Assert.Equal("next\n", Text(lines[2]));
    }
}
