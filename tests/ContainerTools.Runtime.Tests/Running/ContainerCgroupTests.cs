using System.Diagnostics;
using System.Globalization;
using ContainerTools.Linux.Cgroups;
using ContainerTools.Oci.RuntimeSpec;
using DeviceRule = ContainerTools.Oci.RuntimeSpec.DeviceRule;

namespace ContainerTools.Runtime.Tests.Running;

/// <summary>What a container's cgroup does for it, with whichever version of cgroups this machine has.</summary>
[Trait("Cgroup", "any")]
public sealed class ContainerCgroupTests
{
    private static readonly CgroupHierarchy Memory = CgroupHost.Detect().Hierarchies.First(hierarchy => hierarchy.Controllers.Contains("memory"));

    private static bool IsUnified => Memory.Version == CgroupVersion.V2;

    [Fact]
    public void every_limit_reaches_the_kernel()
    {
        (string Files, string Values) expected = IsUnified
            ? ("memory.max memory.swap.max memory.low cpu.max cpu.weight cpuset.cpus pids.max", "67108864\n33554432\n33554432\n50000 100000\n20\n0\n20\n")
            : ("memory/memory.limit_in_bytes memory/memory.memsw.limit_in_bytes memory/memory.soft_limit_in_bytes cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us cpu/cpu.shares cpuset/cpuset.cpus pids/pids.max",
                "67108864\n100663296\n33554432\n50000\n100000\n512\n0\n20\n");
        using Bundle bundle = new Bundle().WithShell($"cd /sys/fs/cgroup; cat {expected.Files}").With(Limit(new LinuxResources
        {
            Memory = new MemoryLimits { Limit = 64 << 20, Swap = 96 << 20, Reservation = 32 << 20 },
            Cpu = new CpuLimits { Quota = 50_000, Period = 100_000, Shares = 512, Cpus = "0" },
            Pids = new PidsLimits { Limit = 20 },
        }));
        Bundle.Result result = bundle.Run();
        Assert.Equal((expected.Values, ""), (result.Output, result.Error));
        bundle.RequireNothingLeft();
    }

    [Theory]
    [InlineData(false, "Operation not permitted")]
    [InlineData(true, "No such device or address")]
    public void devices_are_those_of_the_list(bool allow, string expected)
    {
        // 240:77 is for local use, so that no driver has it. Everybody may make its node; to open it is for those whose list has it, and then there is nothing.
        using Bundle bundle = new Bundle().WithShell("echo > /dev/null && echo null; busybox mknod /dev/local c 240 77; cat /dev/local").With(Limit(new LinuxResources
        {
            Devices = [new DeviceRule { Allow = false, Access = "rwm" }, new DeviceRule { Allow = allow, Type = "c", Major = 240, Minor = 77, Access = "r" }],
        }));
        Bundle.Result result = bundle.Run();
        Assert.Equal("null\n", result.Output);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void a_paused_container_stands_still_and_can_be_removed()
    {
        using Bundle bundle = LifecycleTests.Created(new Bundle().WithShell("while true; do echo >> /ticks; sleep 0.01; done"));
        FileInfo ticks = new(Path.Combine(bundle.Rootfs, "ticks"));
        Assert.Equal(0, bundle.Invoke("start", bundle.Id).ExitCode);
        Assert.True(Grows(ticks));
        Assert.Equal(0, bundle.Invoke("pause", bundle.Id).ExitCode);
        Assert.Contains("\"paused\"", bundle.Invoke("state", bundle.Id).Output, StringComparison.Ordinal);
        Assert.False(Grows(ticks));
        Assert.Equal(1, bundle.Invoke("pause", bundle.Id).ExitCode);
        Bundle.Result exec = bundle.Invoke("exec", bundle.Id, "true");
        Assert.Equal(125, exec.ExitCode);
        Assert.Contains("is paused", exec.Error, StringComparison.Ordinal);
        Assert.Equal(0, bundle.Invoke("resume", bundle.Id).ExitCode);
        Assert.True(Grows(ticks));
        Assert.Equal(1, bundle.Invoke("resume", bundle.Id).ExitCode);
        Assert.Equal(0, bundle.Invoke("pause", bundle.Id).ExitCode);
        Assert.Equal(0, bundle.Invoke("delete", "--force", bundle.Id).ExitCode);
        bundle.RequireNothingLeft();
    }

    [Fact]
    public void commands_run_in_the_containers_cgroup_and_ps_lists_them()
    {
        using Bundle bundle = LifecycleTests.Running();
        int pid = LifecycleTests.Pid(bundle);
        string cgroups = File.ReadAllText($"/proc/{pid}/cgroup");
        Assert.Contains(bundle.Id, cgroups, StringComparison.Ordinal);
        string file = Path.Combine(bundle.Root, "pid");
        Assert.Equal(0, LifecycleTests.Invoke(bundle, "exec", "--detach", "--pid-file", file, bundle.Id, "sleep", "100").ExitCode);
        int joined = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        Assert.Equal(cgroups, File.ReadAllText($"/proc/{joined}/cgroup"));

        int[] listed = [.. bundle.Invoke("ps", "--format", "json", bundle.Id).Output.Trim('[', ']', '\n').Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        Assert.Contains(pid, listed);
        Assert.Contains(joined, listed);
        Assert.Equal(["PID", .. listed.Select(number => $"{number}")], bundle.Invoke("ps", bundle.Id).Output.TrimEnd('\n').Split('\n'));
        Assert.Equal(0, bundle.Invoke("kill", "--all", bundle.Id, "KILL").ExitCode);
        Assert.True(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{joined}") || File.ReadAllText($"/proc/{joined}/stat").Contains(") Z", StringComparison.Ordinal), 5000));
    }

    [Fact]
    public void update_changes_limits_up_and_down()
    {
        using Bundle bundle = LifecycleTests.Created(new Bundle().WithArgs("sleep", "100").With(Limit(new LinuxResources { Memory = new MemoryLimits { Limit = 32 << 20, Swap = 64 << 20 } })));
        string resources = Path.Combine(bundle.Root, "resources.json");
        File.WriteAllText(resources, """{ "memory": { "limit": 33554432, "swap": 33554432 }, "pids": { "limit": 7 } }""");
        Assert.Equal(0, bundle.Invoke("update", "--memory", "134217728", "--memory-swap", "268435456", "--pids-limit", "9", "--cpu-quota", "20000", "--cpu-period", "50000", bundle.Id).ExitCode);
        Assert.Equal(("134217728", "9"), (Read(bundle, "memory", "memory.limit_in_bytes", "memory.max"), Read(bundle, "pids", "pids.max", "pids.max")));
        Assert.StartsWith("20000", Read(bundle, "cpu", "cpu.cfs_quota_us", "cpu.max"), StringComparison.Ordinal);
        Assert.Equal(0, bundle.Invoke("update", "--resources", resources, bundle.Id).ExitCode);
        Assert.Equal(("33554432", "7"), (Read(bundle, "memory", "memory.limit_in_bytes", "memory.max"), Read(bundle, "pids", "pids.max", "pids.max")));
        Assert.Equal(1, bundle.Invoke("update", "--memory", "67108864", "--memory-swap", "1", bundle.Id).ExitCode);
        Assert.Equal(2, bundle.Invoke("update", "--memory", "much", bundle.Id).ExitCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    public void a_cgroup_by_path_is_used_when_it_is_empty_and_left_alone_when_it_is_not(string prefix)
    {
        using Bundle bundle = new Bundle().WithArgs("cat", "/proc/self/cgroup");
        string path = $"containertools/{bundle.Id}-given";
        string directory = $"{Memory.MountPoint}/{path}";
        bundle.With(config => config with { Linux = config.Linux! with { CgroupsPath = prefix + path, Namespaces = [.. config.Linux.Namespaces.Where(space => space.Type != "cgroup")] } });
        Directory.CreateDirectory(directory);
        Assert.Contains("/" + path, bundle.Run().Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory));

        ICgroup other = CgroupHost.Detect().Create("/" + path, new CgroupResources());
        using Process stranger = Process.Start("sleep", ["100"]);
        try
        {
            other.Join(stranger.Id);
            Bundle.Result refused = bundle.Run();
            Assert.Equal((125, ""), (refused.ExitCode, refused.Output));
            Assert.Contains("the cgroup exists and is in use", refused.Error, StringComparison.Ordinal);
            Assert.Equal([stranger.Id], other.Processes());
        }
        finally
        {
            other.KillAll();
            other.Delete();
        }
    }

    [Fact]
    public void a_cgroup_below_one_that_holds_processes_is_for_version_1_only()
    {
        using Bundle bundle = new Bundle().WithArgs("true");
        ICgroup parent = CgroupHost.Detect().Create($"/containertools/{bundle.Id}-parent", new CgroupResources());
        using Process stranger = Process.Start("sleep", ["100"]);
        try
        {
            parent.Join(stranger.Id);
            bundle.With(config => config with { Linux = config.Linux! with { CgroupsPath = $"/containertools/{bundle.Id}-parent/child" } });
            Bundle.Result result = bundle.Run();
            Assert.Equal(IsUnified ? 125 : 0, result.ExitCode);
            Assert.Equal(IsUnified, result.Error.Contains("the cgroup holds processes", StringComparison.Ordinal));
        }
        finally
        {
            parent.KillAll();
            parent.Delete();
        }
    }

    private static Func<RuntimeConfig, RuntimeConfig> Limit(LinuxResources resources) => config => config with { Linux = config.Linux! with { Resources = resources } };

    private static bool Grows(FileInfo file)
    {
        file.Refresh();
        long before = file.Exists ? file.Length : 0;
        return SpinWait.SpinUntil(
            () =>
            {
                file.Refresh();
                return file.Exists && file.Length > before + 2;
            },
            400);
    }

    private static string Read(Bundle bundle, string controller, string versionOne, string versionTwo)
    {
        CgroupHierarchy hierarchy = CgroupHost.Detect().Hierarchies.First(candidate => candidate.Controllers.Contains(controller));
        return File.ReadAllText($"{hierarchy.MountPoint}/containertools/{bundle.Id}/{(hierarchy.Version == CgroupVersion.V1 ? versionOne : versionTwo)}").TrimEnd('\n');
    }
}
