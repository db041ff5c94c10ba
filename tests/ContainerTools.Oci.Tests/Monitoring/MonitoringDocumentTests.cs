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
            Overlay = new OverlaySpec { Lower = ["/l1", "/l2"], Upper = "/u", Work = "/w", Target = "/t" }, Log = new LogSpec { Path = "/log", MaximumFiles = 7 }, NetworkPath = "/n",
        };
        string json = JsonSerializer.Serialize(spec, MonitoringJson.Default.MonitorSpec);

        Assert.Equal(json, JsonSerializer.Serialize(MonitorSpec.Parse(Encoding.UTF8.GetBytes(json)), MonitoringJson.Default.MonitorSpec));
        Assert.Equal(10_000_000, MonitorSpec.Parse("""{"id":"a","stateRoot":"/s","exitPath":"/e","log":{"path":"/log"}}"""u8.ToArray()).Log!.MaximumSize);
        Assert.Throws<JsonException>(() => MonitorSpec.Parse("""{"id":"a","stateRoot":"/s"}"""u8.ToArray()));
        Assert.Throws<JsonException>(() => MonitorSpec.Parse("""{"id":"a","stateRoot":"/s","exitPath":"/e","overlay":{"upper":"/u","work":"/w","target":"/t"}}"""u8.ToArray()));
    }

    [Fact]
    public void networks_are_written_and_read_as_by_the_serializer()
    {
        MonitorNetwork full = new()
        {
            Namespace = "/run/netns/a", NameFiles = ["/n/1", "/n/2"], FirewallRemoval = new byte[] { 0, 1, 255 },
            Names = new MonitorNames { Networks = [new() { Directory = "/d1" }, new() { Directory = "/d2", Internal = true }], Servers = ["10.0.0.1", "fe80::1"], ResolvConf = "/etc/resolv.conf" },
            Ports = [new() { Protocol = "udp", Address = "::", Port = 65535 }, new() { Protocol = "sctp", Address = "127.0.0.1", Port = 1, Count = 100 }],
            Forwards = [new() { Protocol = "tcp", Address = "::1", Port = 80, TargetAddress = "10.0.0.2", TargetPort = 8080, Count = 2 }],
        };
        foreach (MonitorNetwork network in (MonitorNetwork[])[new(), full])
        {
            string json = JsonSerializer.Serialize(network, MonitoringJson.Default.MonitorNetwork);
            Assert.Equal(json, Encoding.UTF8.GetString(network.ToJson()));
            Assert.Equal(json, JsonSerializer.Serialize(MonitorNetwork.Parse(network.ToJson()), MonitoringJson.Default.MonitorNetwork));
        }

        Assert.Null(MonitorNetwork.Parse("{}"u8).FirewallRemoval);
    }

    [Theory]
    [InlineData("""{"names":{"networks":[{}]}}""")]
    [InlineData("""{"ports":[{"protocol":"tcp","address":"::"}]}""")]
    [InlineData("""{"ports":[{"protocol":"tcp","address":"::","port":65536}]}""")]
    [InlineData("""{"forwards":[{"protocol":"tcp","address":"::","port":1,"targetAddress":"::1"}]}""")]
    [InlineData("""{"firewallRemoval":"?"}""")]
    [InlineData("null")]
    public void networks_that_lack_something_are_refused(string json) => Assert.Throws<JsonException>(() => MonitorNetwork.Parse(Encoding.UTF8.GetBytes(json)));
}
