using System.Text;
using System.Text.Json;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Oci.Tests.Monitoring;

/// <summary>The monitor's documents, written and read by hand, are those of the serializer.</summary>
public sealed class MonitoringDocumentTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly ExitRecord Exit = new() { ExitCode = 137, OomKilled = true, Started = Time, Finished = Time.AddTicks(1), Error = "no \"such\" ä <thing>" };

    public static TheoryData<MonitorEvent> Events =>
    [
        new MonitorEvent { Kind = "started", Pid = 5 },
        new MonitorEvent { Kind = "exited", Exit = Exit, Message = "unmount: busy" },
        new MonitorEvent { Kind = "error", Code = "CommandNotFound", Message = "a\nb", Errno = 2, Syscall = "execve", Path = "/ä" },
    ];

    private static readonly ContainerRuntimeState[] AllStates =
    [
        new() { Id = "a", Bundle = "/b" },
        new()
        {
            Id = "a", Bundle = "/b", Pid = 7, StartTime = ulong.MaxValue, MonitorPid = 8, MonitorStartTime = 9, Created = Time, Started = Time,
            Cgroups = ["/sys/fs/cgroup/x", "/sys/fs/cgroup/y"], Annotations = new Dictionary<string, string> { ["k"] = "v" },
        },
    ];

    [Theory]
    [MemberData(nameof(Events), DisableDiscoveryEnumeration = true)]
    public void events_are_written_as_by_the_serializer(MonitorEvent report) =>
        Assert.Equal(JsonSerializer.Serialize(report, MonitoringJson.Default.MonitorEvent), Encoding.UTF8.GetString(report.ToJson()));

    [Fact]
    public void exit_records_are_written_as_by_the_serializer()
    {
        Assert.Equal(JsonSerializer.Serialize(Exit, MonitoringJson.Default.ExitRecord), Encoding.UTF8.GetString(Exit.ToJson()));
        ExitRecord plain = new();
        Assert.Equal(JsonSerializer.Serialize(plain, MonitoringJson.Default.ExitRecord), Encoding.UTF8.GetString(plain.ToJson()));
    }

    [Fact]
    public void states_are_written_and_read_as_by_the_serializer()
    {
        foreach (ContainerRuntimeState state in AllStates)
        {
            string json = JsonSerializer.Serialize(state, MonitoringJson.Default.ContainerRuntimeState);
            Assert.Equal(json, Encoding.UTF8.GetString(state.ToJson()));
            Assert.Equal(json, JsonSerializer.Serialize(ContainerRuntimeState.Parse(state.ToJson()), MonitoringJson.Default.ContainerRuntimeState));
        }
    }

    [Fact]
    public void specifications_are_read_as_by_the_serializer()
    {
        MonitorSpec spec = new()
        {
            Id = "a", StateRoot = "/s", ExitPath = "/e", AttachStdin = true, AttachStderr = true,
            Overlay = new OverlaySpec { Lower = ["/l1", "/l2"], Upper = "/u", Work = "/w", Target = "/t" }, Log = new LogSpec { Path = "/log", MaximumFiles = 7 },
        };
        string json = JsonSerializer.Serialize(spec, MonitoringJson.Default.MonitorSpec);

        Assert.Equal(json, JsonSerializer.Serialize(MonitorSpec.Parse(Encoding.UTF8.GetBytes(json)), MonitoringJson.Default.MonitorSpec));
        Assert.Equal(10_000_000, MonitorSpec.Parse("""{"id":"a","stateRoot":"/s","exitPath":"/e","log":{"path":"/log"}}"""u8.ToArray()).Log!.MaximumSize);
        Assert.Throws<JsonException>(() => MonitorSpec.Parse("""{"id":"a","stateRoot":"/s"}"""u8.ToArray()));
        Assert.Throws<JsonException>(() => MonitorSpec.Parse("""{"id":"a","stateRoot":"/s","exitPath":"/e","overlay":{"upper":"/u","work":"/w","target":"/t"}}"""u8.ToArray()));
    }
}
