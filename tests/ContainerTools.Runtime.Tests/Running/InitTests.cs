using System.Diagnostics;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Tests.Running;

/// <summary>The runtime's own init as the container's first process (annotation io.containertools.init).</summary>
public sealed class InitTests
{
    private static readonly string[] Forwarded = ["HUP", "INT", "QUIT", "ABRT", "USR1", "USR2", "ALRM", "TERM", "WINCH", "TSTP", "35"];

    [Fact]
    public void the_program_is_a_child_of_an_init_that_shows_nothing_of_the_host()
    {
        using Bundle bundle = WithInit().WithShell("cat /proc/1/comm; grep -E '^PPid' /proc/$$/status; cat /proc/1/cmdline; echo");
        string[] lines = bundle.Run().Output.Split('\n');
        Assert.Equal(("container-init", "PPid:\t1"), (lines[0], lines[1]));
        Assert.Equal("container-init", lines[2].TrimEnd('\0'));
        bundle.RequireNothingLeft();
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("exit 0", 0)]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    public void the_exit_code_is_the_programs(string script, int exitCode)
    {
        using Bundle bundle = WithInit().WithShell(script);
        Assert.Equal(exitCode, bundle.Run().ExitCode);
        bundle.RequireNothingLeft();
    }

    [Theory]
    [InlineData("missing", 127)]
    [InlineData("/bin", 126)]
    public void a_command_that_cannot_run_is_told_as_without_an_init(string command, int exitCode)
    {
        using Bundle bundle = WithInit().WithArgs(command);
        Bundle.Result result = bundle.Run();
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(command, result.Error, StringComparison.Ordinal);
        bundle.RequireNothingLeft();

        LifecycleTests.Created(bundle);
        Assert.Equal(exitCode, bundle.Invoke("start", bundle.Id).ExitCode);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    public void orphans_are_reaped(bool init, int zombies)
    {
        // The program never waits for a child; without an init an orphan's end is left to it for ever.
        using Bundle bundle = Running(init, "sleep", "100");
        Assert.Equal(0, bundle.Invoke("exec", bundle.Id, "sh", "-c", "true & true & exec sleep 0.2").ExitCode);
        Assert.True(SpinWait.SpinUntil(() => Zombies(bundle) == zombies, 5000), $"{Zombies(bundle)} zombies, not {zombies}");
    }

    [Fact]
    public void signals_reach_the_program()
    {
        string traps = string.Concat(Forwarded.Select(name => $"trap 'echo {name}' {name}; "));
        using Bundle bundle = WithInit().WithShell($"{traps} echo ready; while true; do sleep 0.02; done");
        bundle.Config.Save(Path.Combine(bundle.Root, "config.json"));
        using Process run = bundle.Start("run", "--bundle", bundle.Root, bundle.Id);
        Assert.Equal("ready", run.StandardOutput.ReadLine());
        foreach (string name in Forwarded)
        {
            // The program may be faster than the runtime's note that it runs.
            Assert.True(SpinWait.SpinUntil(() => bundle.Invoke("kill", bundle.Id, name).ExitCode == 0, 5000));
            Assert.Equal(name, run.StandardOutput.ReadLine());
        }

        Assert.Equal(0, bundle.Invoke("kill", bundle.Id, "KILL").ExitCode);
        Assert.True(run.WaitForExit(10_000));
        Assert.Equal(137, run.ExitCode);
        bundle.RequireNothingLeft();
    }

    [Theory]
    [InlineData(true, 143)]
    [InlineData(false, 137)]
    public void a_program_without_handlers_ends_by_its_signal_because_it_is_not_process_1(bool init, int exitCode)
    {
        using Bundle bundle = (init ? WithInit() : new Bundle()).WithArgs("sleep", "100");
        bundle.Config.Save(Path.Combine(bundle.Root, "config.json"));
        using Process run = bundle.Start("run", "--bundle", bundle.Root, bundle.Id);
        Assert.True(SpinWait.SpinUntil(() => bundle.Invoke("kill", bundle.Id, "TERM").ExitCode == 0, 5000));
        if (!init)
        {
            Assert.False(run.WaitForExit(300));
            bundle.Invoke("kill", bundle.Id, "KILL");
        }

        Assert.True(run.WaitForExit(10_000));
        Assert.Equal(exitCode, run.ExitCode);
    }

    [Fact]
    [Trait("Cgroup", "any")]
    public void commands_run_beside_the_program_and_delete_ends_it()
    {
        using Bundle bundle = Running(init: true, "sleep", "100");
        Bundle.Result result = bundle.Invoke("exec", bundle.Id, "sh", "-c", "cat /proc/1/comm; id -u; exit 3");
        Assert.Equal((3, "container-init\n0\n"), (result.ExitCode, result.Output));
        Assert.Equal(0, bundle.Invoke("delete", "--force", bundle.Id).ExitCode);
        bundle.RequireNothingLeft();
    }

    [Fact]
    public void CVE_2019_5736_the_init_gives_the_container_nothing_of_the_host()
    {
        // A runtime of its own: one that other tests execute could not be written anyway (ETXTBSY).
        using Bundle bundle = WithInit().WithArgs("sleep", "100");
        bundle.Program = Path.Combine(bundle.Root, "ctrun");
        File.Copy(Bundle.Ctrun, bundle.Program);
        LifecycleTests.Created(bundle);
        Assert.Equal(0, bundle.Invoke("start", bundle.Id).ExitCode);
        int init = LifecycleTests.Pid(bundle);
        Assert.Empty(Directory.GetFileSystemEntries($"/proc/{init}/fd"));
        Assert.DoesNotContain(bundle.Root, File.ResolveLinkTarget($"/proc/{init}/exe", false)!.FullName, StringComparison.Ordinal);
        Assert.Empty(File.ReadAllText($"/proc/{init}/environ").Trim('\0'));
        foreach (string file in (string[])["exe", "fd/0", "root", "cwd", "mem", "environ", "maps"])
        {
            Bundle.Result inside = bundle.Invoke("exec", bundle.Id, "sh", "-c", $"exec 9</proc/1/{file}");
            Assert.NotEqual(0, inside.ExitCode);
        }

        // The user's capability to trace opens the door to the file, but not for writing.
        using FileStream held = File.OpenRead($"/proc/{init}/exe");
        bundle.Invoke("kill", bundle.Id, "KILL");
        Assert.True(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{init}"), 5000) || File.ReadAllText($"/proc/{init}/stat").Contains(") Z", StringComparison.Ordinal));
        IOException refused = Assert.ThrowsAny<IOException>(() => File.OpenWrite($"/proc/self/fd/{held.SafeFileHandle.DangerousGetHandle()}").Dispose());
        Assert.Contains("Read-only", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void the_init_is_as_confined_as_the_program()
    {
        using Bundle bundle = WithInit().WithShell("grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:)' /proc/1/status; echo ==; grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:)' /proc/self/status").With(config => config with
        {
            Process = config.Process! with { User = new ProcessUser { Uid = 12, Gid = 13, AdditionalGids = [14] } },
            Linux = config.Linux! with { Seccomp = new SeccompConfig { DefaultAction = "SCMP_ACT_ALLOW", Syscalls = [new SeccompRule { Names = ["swapon"], Action = "SCMP_ACT_ERRNO" }] } },
        });
        string[] halves = bundle.Run().Output.Split("==\n");
        Assert.Contains("Seccomp:\t2", halves[0], StringComparison.Ordinal);
        Assert.Contains("Uid:\t12\t12\t12\t12", halves[0], StringComparison.Ordinal);
        Assert.Equal(halves[1], halves[0]);
    }

    [Fact]
    public void the_init_works_in_a_user_namespace()
    {
        using Bundle bundle = WithInit().WithShell("cat /proc/1/comm; exit 5").With(config => config with
        {
            Linux = config.Linux! with
            {
                Namespaces = [.. config.Linux.Namespaces, new NamespaceSpec { Type = "user" }],
                UidMappings = [new IdMapping { ContainerId = 0, HostId = 100000, Size = 65536 }],
                GidMappings = [new IdMapping { ContainerId = 0, HostId = 100000, Size = 65536 }],
            },
        });
        Bundle.Result result = bundle.PrepareMountPoints().Run();
        Assert.Equal((5, "container-init\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public void the_init_needs_little_memory()
    {
        using Bundle bundle = Running(init: true, "sleep", "100");
        string line = File.ReadLines($"/proc/{LifecycleTests.Pid(bundle)}/smaps_rollup").First(text => text.StartsWith("Private_Dirty:", StringComparison.Ordinal));
        Assert.InRange(int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture), 1, 700);
    }

    [Theory]
    [InlineData("yes", "must be true or false")]
    [InlineData("true", "needs a new pid namespace")]
    public void what_cannot_be_done_is_refused(string value, string message)
    {
        using Bundle bundle = new Bundle().WithArgs("true").With(config => config with
        {
            Annotations = new Dictionary<string, string> { [RuntimeConfig.InitAnnotation] = value },
            Linux = config.Linux! with { Namespaces = [.. config.Linux.Namespaces.Where(space => space.Type != "pid")] },
        });
        Bundle.Result result = bundle.Run();
        Assert.Equal(125, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        bundle.RequireNothingLeft();
    }

    private static Bundle WithInit() => new Bundle().With(config => config with { Annotations = new Dictionary<string, string> { [RuntimeConfig.InitAnnotation] = "true" } });

    private static Bundle Running(bool init, params string[] args)
    {
        Bundle bundle = LifecycleTests.Created((init ? WithInit() : new Bundle()).WithArgs(args));
        Assert.Equal(0, bundle.Invoke("start", bundle.Id).ExitCode);
        return bundle;
    }

    private static int Zombies(Bundle bundle) =>
        bundle.Invoke("exec", bundle.Id, "sh", "-c", "cat /proc/[0-9]*/stat").Output.Split('\n').Count(line => line.Contains(") Z ", StringComparison.Ordinal));
}
