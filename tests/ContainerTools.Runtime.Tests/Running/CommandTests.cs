using System.Diagnostics;
using System.Text.Json;
using ContainerTools.Linux.Capabilities;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Tests.Running;

/// <summary>Commands of ctrun beside those that start and end containers.</summary>
public sealed class CommandTests
{
    [Fact]
    public void list_shows_every_container_of_the_root_in_three_forms()
    {
        using Bundle bundle = new Bundle().WithArgs("sleep", "100");
        Assert.Equal(("", 0), (bundle.Invoke("list", "--quiet").Output, bundle.Invoke("list").ExitCode));
        LifecycleTests.Created(bundle);
        int pid = LifecycleTests.Pid(bundle);
        Assert.Equal(bundle.Id + "\n", bundle.Invoke("list", "--quiet").Output);
        string[] table = bundle.Invoke("list").Output.TrimEnd('\n').Split('\n');
        Assert.Equal(2, table.Length);
        Assert.Equal([bundle.Id, $"{pid}", "created"], table[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..3]);
        using JsonDocument json = JsonDocument.Parse(bundle.Invoke("list", "--format", "json").Output);
        JsonElement only = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal((bundle.Id, pid, bundle.Root), (only.GetProperty("id").GetString(), only.GetProperty("pid").GetInt32(), only.GetProperty("bundle").GetString()));
        Assert.Equal(2, bundle.Invoke("list", "--format", "xml").ExitCode);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("ps")]
    [InlineData("kill")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("delete")]
    [InlineData("update")]
    public void an_unknown_container_is_named(string command)
    {
        using Bundle bundle = new();
        Bundle.Result result = bundle.Invoke(command, "nosuch");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("There is no container 'nosuch'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void exec_tells_of_its_process_on_the_status_descriptor()
    {
        using Bundle bundle = LifecycleTests.Running();
        MonitorEvent[] events = Status(bundle, "exit 9");
        Assert.Equal(["started", "exited"], events.Select(item => item.Kind));
        Assert.True(events[0].Pid > 1);
        Assert.Equal(9, events[1].Exit!.ExitCode);
        Assert.True(events[1].Exit!.Started <= events[1].Exit!.Finished);

        MonitorEvent failure = Assert.Single(Status(bundle, "exit 9", "/missing/program"));
        Assert.Equal(("error", "CommandNotFound", 2, "execve", "/missing/program"), (failure.Kind, failure.Code, failure.Errno, failure.Syscall, failure.Path));
    }

    [Fact]
    public void exec_takes_a_whole_process_from_a_file()
    {
        using Bundle bundle = LifecycleTests.Running();
        string file = Path.Combine(bundle.Root, "process.json");
        ProcessSection process = bundle.Config.Process! with
        {
            Args = ["sh", "-c", "id -u; id -G; pwd; echo $A; ulimit -n; grep -E '^(CapInh|CapAmb|NoNewPrivs)' /proc/self/status"],
            User = new ProcessUser { Uid = 3, Gid = 4, AdditionalGids = [4, 5] },
            Cwd = "/bin",
            Env = ["PATH=/bin", "A=b"],
            Rlimits = [new ResourceLimit { Type = "RLIMIT_NOFILE", Soft = 50, Hard = 60 }],
            Capabilities = new CapabilitySets { Bounding = ["CAP_CHOWN"], Permitted = ["CAP_CHOWN"], Inheritable = ["CAP_CHOWN"], Ambient = ["CAP_CHOWN"] },
        };
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(process, RuntimeSpecJson.Default.ProcessSection));
        Bundle.Result result = bundle.Invoke("exec", "--process", file, bundle.Id);
        Assert.Equal("3\n4 5\n/bin\nb\n50\nCapInh:\t0000000000000001\nCapAmb:\t0000000000000001\nNoNewPrivs:\t1\n", result.Output);

        File.WriteAllText(file, "{ \"args\": 5 }");
        Bundle.Result refused = bundle.Invoke("exec", "--process", file, bundle.Id);
        Assert.Equal(125, refused.ExitCode);
        Assert.Contains("process.json", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void exec_passes_signals_on_and_ends_with_the_container()
    {
        using Bundle bundle = LifecycleTests.Running();
        using Process exec = bundle.Start("exec", bundle.Id, "sh", "-c", "trap 'exit 42' TERM; echo ready; while true; do sleep 0.05; done");
        Assert.Equal("ready", exec.StandardOutput.ReadLine());
        Process.Start("kill", ["-TERM", $"{exec.Id}"]).WaitForExit();
        Assert.True(exec.WaitForExit(10_000));
        Assert.Equal(42, exec.ExitCode);

        using Process second = bundle.Start("exec", bundle.Id, "sleep", "100");
        Assert.True(SpinWait.SpinUntil(() => bundle.Invoke("exec", bundle.Id, "sh", "-c", "cat /proc/[0-9]*/cmdline").Output.Contains("sleep\0100\0sleep\0100", StringComparison.Ordinal), 10_000));
        bundle.Invoke("kill", bundle.Id, "KILL");
        Assert.True(second.WaitForExit(10_000));
        Assert.Equal(137, second.ExitCode);
    }

    [Fact]
    public void spec_writes_a_bundle_that_runs_and_refuses_to_overwrite()
    {
        using Bundle bundle = new();
        Assert.Equal(0, bundle.Invoke("spec", "--bundle", bundle.Root).ExitCode);
        RuntimeConfig config = RuntimeConfig.Load(Path.Combine(bundle.Root, "config.json"));
        Assert.Equal(["sh"], config.Process!.Args);
        Assert.True(config.Process.NoNewPrivileges);
        Bundle.Result result = bundle.Invoke("run", "--bundle", bundle.Root, bundle.Id);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(1, bundle.Invoke("spec", "--bundle", bundle.Root).ExitCode);
    }

    [Fact]
    public void features_says_what_the_runtime_can_do()
    {
        using Bundle bundle = new();
        using JsonDocument features = JsonDocument.Parse(bundle.Invoke("features").Output);
        JsonElement linux = features.RootElement.GetProperty("linux");
        Assert.Equal(CapabilityNames.All, linux.GetProperty("capabilities").EnumerateArray().Select(item => item.GetString()));
        Assert.True(linux.GetProperty("cgroup").GetProperty("v2").GetBoolean());
        Assert.Equal("true", features.RootElement.GetProperty("annotations").GetProperty(RuntimeConfig.InitAnnotation).GetString());
    }

    [Fact]
    public void plan_prints_the_system_calls_of_a_start_and_starts_nothing()
    {
        using Bundle bundle = new Bundle().WithArgs("/bin/true");
        bundle.Config.Save(Path.Combine(bundle.Root, "config.json"));
        bundle.With(config => config with { Mounts = [.. config.Mounts.Where(mount => mount.Type != "cgroup")] }).Config.Save(Path.Combine(bundle.Root, "config.json"));
        string[] lines = bundle.Invoke("plan", "--bundle", bundle.Root).Output.TrimEnd('\n').Split('\n');
        Assert.StartsWith("clone3 ", lines[0], StringComparison.Ordinal);
        Assert.Contains("execve(\"/bin/true\"", lines[^1], StringComparison.Ordinal);
        Assert.False(Directory.Exists(bundle.StateRoot));
    }

    [Theory]
    [InlineData("frob")]
    [InlineData("state")]
    [InlineData("list", "--frob")]
    [InlineData("kill", "x", "NOSIG")]
    public void a_command_line_that_makes_no_sense_gives_2(params string[] words)
    {
        using Bundle bundle = new();
        Bundle.Result result = bundle.Invoke(words);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    private static MonitorEvent[] Status(Bundle bundle, string script, string program = "sh")
    {
        string file = Path.Combine(bundle.Root, "status");
        string command = $"exec '{bundle.Program}' --root '{bundle.StateRoot}' exec --status-fd 7 {bundle.Id} {program} -c '{script}' 7>'{file}' 2>/dev/null";
        Process.Start("/bin/sh", ["-c", command]).WaitForExit();
        return [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize(line, MonitoringJson.Default.MonitorEvent)!)];
    }
}
