using System.Net.Sockets;
using ContainerTools.Engine.Containers;
using ContainerTools.Linux.Processes;

namespace ContainerTools.Engine.Tests.Containers;

public class ContainerIsolationTests(EngineFixture host) : IClassFixture<EngineFixture>
{
    private static Dictionary<string, string> Map(string key, string value) => new() { [key] = value };

    [Fact]
    public async Task The_container_sees_its_own_processes_host_name_and_root()
    {
        Assert.Equal("1\n", (await host.ShellAsync("echo $$")).Out);
        Assert.Equal("web1\n", (await host.ShellAsync("hostname", spec => spec with { HostName = "web1" })).Out);
        Assert.DoesNotContain("work", (await host.ShellAsync("ls /")).Out.Split('\n'));
    }

    [Fact]
    public async Task Capabilities_seccomp_and_no_new_privileges_are_dockers_default()
    {
        var status = (await host.ShellAsync("grep -E '^(Cap|Seccomp:|NoNewPrivs)' /proc/self/status")).Out;
        Assert.Contains("CapBnd:\t00000000a80425fb", status, StringComparison.Ordinal);
        Assert.Contains("CapEff:\t00000000a80425fb", status, StringComparison.Ordinal);
        Assert.Contains("CapInh:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("CapAmb:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", status, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dropped_and_added_capabilities_show() =>
        Assert.Contains("CapBnd:\t0000000000001000", (await host.ShellAsync("grep CapBnd /proc/self/status", spec => spec with { CapabilityDrop = ["ALL"], CapabilityAdd = ["NET_ADMIN"] })).Out, StringComparison.Ordinal);

    [Fact]
    public async Task A_user_by_number_has_no_effective_capabilities()
    {
        var (_, output, _) = await host.ShellAsync("id -u; id -g; grep CapEff /proc/self/status", spec => spec with { User = "1000:1001" });
        Assert.Equal("1000\n1001\nCapEff:\t0000000000000000\n", output);
    }

    [Fact]
    public async Task CVE_2023_25173_the_kernel_knows_the_primary_group_among_the_supplementary_ones() =>
        Assert.Equal("Groups:\t7 1001", (await host.ShellAsync("grep Groups /proc/self/status", spec => spec with { User = "1000:1001", Groups = ["7"] })).Out.TrimEnd());

    [Fact]
    public async Task Masked_and_read_only_paths_hold_against_root()
    {
        Assert.Equal("0\n", (await host.ShellAsync("cat /proc/timer_list 2>/dev/null | wc -c")).Out);
        var (code, _, error) = await host.ShellAsync("echo x > /proc/sys/kernel/core_pattern");
        Assert.NotEqual(0, code);
        Assert.Contains("Read-only", error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Every_masked_path_is_empty_inside()
    {
        // Also GHSA-6fw5-f8r9-fgfm and GHSA-jq35-85cj-fj4p: interrupts, throttle counters and power readings tell of other containers.
        var there = SystemPaths.Masked.Where(Path.Exists).ToList();
        var (_, output, _) = await host.ShellAsync($"for path in {string.Join(' ', there)}; do if [ -d $path ]; then ls $path; else cat $path; fi; done 2>&1");
        Assert.Equal("", output);

        // Control: outside there is something to hide, in a file and in a directory.
        Assert.NotEmpty(await File.ReadAllTextAsync("/proc/interrupts", TestContext.Current.CancellationToken));
        Assert.NotEmpty(Directory.GetFileSystemEntries("/sys/firmware"));
        Assert.Superset(new HashSet<string> { "/proc/interrupts", "/sys/firmware" }, there.ToHashSet());
    }

    [Fact]
    public async Task CVE_2020_15257_nothing_of_the_engine_listens_where_a_container_on_the_hosts_network_can_reach_it()
    {
        var name = "\0ct-control-" + Guid.NewGuid().ToString("N");
        using var control = host.Host.Namespace.Run(() => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
        control.Bind(new UnixDomainSocketEndPoint(name));
        control.Listen();
        var container = await host.Containers.StartAsync(host.Containers.Create(EngineFixture.Shell("cat /proc/net/unix; echo end; sleep 60") with { Networks = [new NetworkAttachment { Name = "host" }] }).Id, TestContext.Current.CancellationToken);
        var sockets = new List<string>();
        await foreach (var entry in host.Containers.ReadLogAsync(container.Id, new ContainerLogQuery { Follow = true }, TestContext.Current.CancellationToken))
        {
            if (entry.Message == "end")
            {
                break;
            }

            sockets.Add(entry.Message);
        }

        // Control: an abstract socket of the host's is in sight. The supervisor has no socket at all.
        Assert.Contains(sockets, line => line.EndsWith("@" + name[1..], StringComparison.Ordinal));
        var supervisor = ProcessStat.Read(container.Pid!.Value)!.Value.ParentPid;
        Assert.DoesNotContain(Directory.GetFileSystemEntries($"/proc/{supervisor}/fd"), path => File.ResolveLinkTarget(path, false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true);
        await host.Containers.RemoveAsync(container.Id, force: true, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Mounting_is_denied() => Assert.NotEqual(0, (await host.ShellAsync("mount -t tmpfs x /tmp")).Code);

    [Fact]
    public async Task A_read_only_root_takes_no_writes_but_a_tmpfs_does()
    {
        var (code, output, _) = await host.ShellAsync("touch /x 2>/dev/null && echo wrote; touch /tmp/x && echo tmp", spec => spec with { ReadOnly = true, Tmpfs = Map("/tmp", "size=1m") });
        Assert.Equal((0, "tmp\n"), (code, output));
    }

    [Fact]
    public async Task Bind_mounts_show_the_hosts_files_and_read_only_holds()
    {
        var directory = Directory.CreateTempSubdirectory("bind-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "file"), "host\n", TestContext.Current.CancellationToken);
            ContainerMount mount = new() { Source = directory, Destination = "/data" };
            Assert.Equal("host\n", (await host.ShellAsync("cat /data/file; touch /data/made", spec => spec with { Mounts = [mount] })).Out);
            Assert.True(File.Exists(Path.Combine(directory, "made")));
            Assert.NotEqual(0, (await host.ShellAsync("touch /data/more", spec => spec with { Mounts = [mount with { ReadOnly = true }] })).Code);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Environment_and_working_directory_are_set_and_the_directory_is_made()
    {
        var (_, output, _) = await host.ShellAsync("pwd; echo $MODE", spec => spec with { WorkingDirectory = "/srv/deep/app", Environment = Map("MODE", "live") });
        Assert.Equal("/srv/deep/app\nlive\n", output);
    }

    [Theory]
    [InlineData("/proc/self/fd/3")]
    [InlineData("/proc/self/fd/7")]
    [InlineData("/proc/self/fd/12")]
    public async Task A_working_directory_in_proc_never_leads_to_the_host(string directory)
    {
        // CVE-2024-21626: a descriptor left open would let the container stand in a host directory.
        try
        {
            var (_, output, _) = await host.ShellAsync("ls ../../../../etc/debian_version 2>/dev/null", spec => spec with { WorkingDirectory = directory });
            Assert.Equal("", output);
        }
        catch (ContainerToolsException error)
        {
            Assert.Equal("ContainerStartFailed", error.Code);
        }
    }

    [Fact]
    public async Task No_descriptor_of_the_engine_is_open_inside() =>
        Assert.Equal(["0", "1", "2"], (await host.ShellAsync("ls /proc/1/fd", spec => spec)).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(name => name is not ("3" or "10" or "255")));

    [Fact]
    public async Task Ulimits_are_set() =>
        Assert.Equal("123\n", (await host.ShellAsync("ulimit -n", spec => spec with { Ulimits = new Dictionary<string, Ulimit> { ["nofile"] = new(123, 456) } })).Out);

    [Fact]
    public async Task Network_none_has_only_loopback_and_host_has_the_hosts_name()
    {
        Assert.Equal(["lo"], (await host.ShellAsync("ls /sys/class/net", spec => spec with { Networks = [new NetworkAttachment { Name = "none" }] })).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(Environment.MachineName + "\n", (await host.ShellAsync("hostname", spec => spec with { Networks = [new NetworkAttachment { Name = "host" }] })).Out);
    }

    [Fact]
    [Trait("Cgroup", "any")]
    public async Task The_kernel_kills_what_passes_its_memory_limit_and_the_record_says_so()
    {
        await host.Containers.RunAsync(
            EngineFixture.Shell("x=a; while :; do x=$x$x$x$x; done") with { Name = "greedy", Memory = 16 << 20, MemorySwap = 16 << 20 }, new ContainerStreams(), TestContext.Current.CancellationToken);
        var container = host.Containers.Get("greedy");
        Assert.True(container.OomKilled);
        Assert.Equal(137, container.ExitCode);
    }

    [Fact]
    [Trait("Cgroup", "any")]
    public async Task A_process_limit_holds()
    {
        var (_, _, error) = await host.ShellAsync("for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1 & done; wait", spec => spec with { PidsLimit = 5 });
        Assert.Contains("fork", error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("Cgroup", "any")]
    public async Task The_cpu_limit_is_in_the_containers_cgroup()
    {
        var container = await host.Containers.StartAsync(host.Containers.Create(EngineFixture.Shell("sleep 60") with { Cpu = 0.5, Memory = 64 << 20 }).Id, TestContext.Current.CancellationToken);
        var cgroups = await File.ReadAllLinesAsync($"/proc/{container.Pid}/cgroup", TestContext.Current.CancellationToken);
        Assert.Contains(cgroups, line => line.Contains(container.Id, StringComparison.Ordinal));
        await host.Containers.RemoveAsync(container.Id, force: true, TestContext.Current.CancellationToken);
    }
}
