using ContainerTools.Engine.Containers;

namespace ContainerTools.Engine.Tests.Containers;

public sealed class ContainerLogReaderTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _directory = Directory.CreateTempSubdirectory("log-").FullName;

    private string Log => Path.Combine(_directory, "container.log");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Rotated_files_are_read_oldest_first()
    {
        Write(Log + ".2", "a");
        Write(Log + ".1", "b");
        Write(Log, "c", "d");
        Assert.Equal(["a", "b", "c", "d"], await ReadAsync(new()));
        Assert.Equal(["c", "d"], await ReadAsync(new() { Tail = 2 }));
        Assert.Empty(await ReadAsync(new() { Tail = 0 }));
    }

    [Fact]
    public async Task Time_and_stream_select()
    {
        Write(Log, "out0", "err1", "out2", "err3");
        Assert.Equal(["out2", "err3"], await ReadAsync(new() { Since = Start.AddSeconds(2) }));
        Assert.Equal(["out0", "err1"], await ReadAsync(new() { Until = Start.AddSeconds(2) }));
        Assert.Equal(["err1", "err3"], await ReadAsync(new() { Stream = ContainerLogStream.Stderr }));
    }

    [Fact]
    public async Task No_log_is_an_empty_log() => Assert.Empty(await ReadAsync(new()));

    [Fact]
    public async Task Following_crosses_a_rotation_and_ends_with_the_container()
    {
        Write(Log, "one");
        var running = true;
        var seen = new List<string>();
        var reader = new ContainerLogReader("c", Log);
        await foreach (var entry in reader.ReadAsync(new() { Follow = true }, () => running, TestContext.Current.CancellationToken))
        {
            seen.Add(entry.Message);
            switch (entry.Message)
            {
                case "one":
                    Write(Log, "two");
                    break;
                case "two":
                    Write(Log, "three");
                    File.Move(Log, Log + ".1");
                    Write(Log, "four", "a rather longer line than all of the old file together, so that sizes cannot tell the files apart");
                    break;
                case "four":
                    running = false;
                    break;
            }
        }

        Assert.Equal(["one", "two", "three", "four"], seen.Take(4));
        Assert.Equal(5, seen.Count);
    }

    private async Task<List<string>> ReadAsync(ContainerLogQuery query)
    {
        var entries = new List<string>();
        await foreach (var entry in new ContainerLogReader("c", Log).ReadAsync(query, () => false, TestContext.Current.CancellationToken))
        {
            entries.Add(entry.Message);
        }

        return entries;
    }

    private static void Write(string path, params string[] messages)
    {
        for (var index = 0; index < messages.Length; index++)
        {
            var stream = messages[index].StartsWith("err", StringComparison.Ordinal) ? "stderr" : "stdout";
            File.AppendAllText(path, $$"""{"log":"{{messages[index]}}\n","stream":"{{stream}}","time":"2026-01-01T00:00:0{{index}}.000000001Z"}""" + "\n");
        }
    }
}
