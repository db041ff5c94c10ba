using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Tests.Running;

public sealed class RunTests
{
    [Fact]
    public void the_exit_code_and_output_of_the_program_come_back_and_nothing_is_left()
    {
        using Bundle bundle = new Bundle().WithShell("echo out; echo err >&2; exit 7");
        Bundle.Result result = bundle.Run();
        Assert.Equal((7, "out\n", "err\n"), (result.ExitCode, result.Output, result.Error));
        bundle.RequireNothingLeft();
    }

    [Fact]
    public void a_program_ended_by_a_signal_gives_128_and_its_number()
    {
        // The first process of a pid namespace cannot kill itself; the kernel kills it for a bad system call.
        using Bundle bundle = new Bundle().WithArgs("true").With(config => config with
        {
            Linux = config.Linux! with
            {
                Seccomp = new SeccompConfig
                {
                    DefaultAction = "SCMP_ACT_ALLOW",
                    Syscalls = [new SeccompRule { Names = ["exit_group"], Action = "SCMP_ACT_KILL_PROCESS" }],
                },
            },
        });
        Assert.Equal(128 + 31, bundle.Run().ExitCode);
    }

    [Fact]
    public void a_first_process_killed_before_its_program_ran_is_told()
    {
        using Bundle bundle = new Bundle().WithArgs("true").With(config => config with
        {
            Linux = config.Linux! with
            {
                Seccomp = new SeccompConfig
                {
                    DefaultAction = "SCMP_ACT_ALLOW",
                    Syscalls = [new SeccompRule { Names = ["execve"], Action = "SCMP_ACT_KILL_PROCESS" }],
                },
            },
        });
        Bundle.Result result = bundle.Run();
        Assert.Equal(125, result.ExitCode);
        Assert.Contains("killed before its program ran", result.Error, StringComparison.Ordinal);
        bundle.RequireNothingLeft();
    }

    [Theory]
    [InlineData("missing-command", 127, "command not found")]
    [InlineData("/missing/command", 127, "/missing/command")]
    [InlineData("/bin", 126, "Permission denied")]
    [InlineData("/etc-file", 126, "Permission denied")]
    public void a_command_that_cannot_run_has_its_own_exit_code(string command, int exitCode, string message)
    {
        using Bundle bundle = new Bundle().WithArgs(command);
        File.WriteAllText(Path.Combine(bundle.Rootfs, "etc-file"), "not a program");
        Bundle.Result result = bundle.Run();
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        bundle.RequireNothingLeft();
    }

    [Fact]
    public void a_bad_configuration_gives_125_and_the_member()
    {
        using Bundle bundle = new Bundle().With(config => config with { Hooks = new Hooks { Prestart = [new Hook { Path = "/bin/true" }] } });
        Bundle.Result result = bundle.Run();
        Assert.Equal(125, result.ExitCode);
        Assert.Contains("hooks are not supported", result.Error, StringComparison.Ordinal);
        bundle.RequireNothingLeft();
    }

    [Fact]
    public void identity_limits_and_names_are_as_configured()
    {
        using Bundle bundle = new Bundle().WithShell("id -u; id -g; id -G; umask; pwd; hostname; ulimit -n; cat /proc/self/oom_score_adj; echo $X").With(config => config with
        {
            Hostname = "box",
            Process = config.Process! with
            {
                User = new ProcessUser { Uid = 1000, Gid = 1001, AdditionalGids = [7, 8], Umask = 0x17 },
                Cwd = "/made/here",
                Env = [.. config.Process.Env, "X=value"],
                Rlimits = [new ResourceLimit { Type = "RLIMIT_NOFILE", Soft = 100, Hard = 200 }],
                OomScoreAdj = 500,
            },
        });
        Assert.Equal("1000\n1001\n1001 7 8\n0027\n/made/here\nbox\n100\n500\nvalue\n", bundle.Run().Output);
    }

    [Fact]
    public void capabilities_are_exactly_the_five_sets_of_the_configuration()
    {
        using Bundle bundle = new Bundle().WithShell("grep Cap /proc/self/status").With(config => config with
        {
            Process = config.Process! with
            {
                User = new ProcessUser { Uid = 1, Gid = 1 },
                Capabilities = new CapabilitySets
                {
                    Bounding = ["CAP_CHOWN", "CAP_KILL"],
                    Permitted = ["CAP_CHOWN", "CAP_KILL"],
                    Effective = ["CAP_KILL"],
                    Inheritable = ["CAP_KILL"],
                    Ambient = ["CAP_KILL"],
                },
            },
        });
        string[] values = [.. bundle.Run().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[1].TrimStart('0'))];
        Assert.Equal(["20", "20", "20", "21", "20"], values);
    }

    [Fact]
    public void limits_reach_the_cgroup()
    {
        using Bundle bundle = new Bundle().WithShell("sleep 1 & sleep 1 & sleep 1 & wait").With(config => config with
        {
            Linux = config.Linux! with { Resources = config.Linux.Resources! with { Pids = new PidsLimits { Limit = 2 } } },
        });
        Assert.Contains("fork", bundle.Run().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void one_hundred_starts_in_a_row_and_eight_at_once_all_end_well()
    {
        using Bundle shared = new Bundle().WithArgs("true");
        shared.Config.Save(Path.Combine(shared.Root, "config.json"));
        int failures = 0;
        Parallel.For(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 8 }, index =>
        {
            if (shared.Invoke("run", "--bundle", shared.Root, $"{shared.Id}-{index}").ExitCode != 0)
            {
                Interlocked.Increment(ref failures);
            }
        });
        Assert.Equal(0, failures);
        Assert.Empty(Directory.GetDirectories(shared.StateRoot));
    }

    [Fact]
    public void masked_and_read_only_paths_protect_the_host()
    {
        using Bundle bundle = new Bundle().WithShell("cat /proc/timer_list | head -c 10; ls /sys/firmware; echo x 2>/dev/null > /proc/sys/kernel/core_pattern || echo refused");
        Assert.Equal("refused\n", bundle.Run().Output);
    }

    [Fact]
    [Trait("Cgroup", "any")]
    public void a_user_namespace_maps_root_to_nobody_of_the_host()
    {
        using Bundle bundle = new Bundle().WithShell("id -u; cat /proc/self/uid_map; echo x > /dev/null && echo null; touch /made 2>/dev/null || echo refused").With(config => config with
        {
            Linux = config.Linux! with
            {
                Namespaces = [.. config.Linux.Namespaces, new NamespaceSpec { Type = "user" }],
                UidMappings = [new IdMapping { ContainerId = 0, HostId = 100000, Size = 65536 }],
                GidMappings = [new IdMapping { ContainerId = 0, HostId = 100000, Size = 65536 }],
            },
        });
        Assert.Equal("0\n         0     100000      65536\nnull\nrefused\n", bundle.PrepareMountPoints().Run().Output);
        bundle.RequireNothingLeft();
    }
}
