using System.Diagnostics;
using System.Text.Json;

namespace ContainerTools.Runtime.Tests.Running;

public sealed class LifecycleTests
{
    [Fact]
    public void a_created_container_waits_for_start_and_is_removed_by_delete()
    {
        using Bundle bundle = new Bundle().WithShell("echo begun > /begun; sleep 100");
        Assert.Equal(0, Invoke(bundle, "create", "--bundle", bundle.Root, bundle.Id).ExitCode);
        Assert.Equal("created", Status(bundle));
        Assert.False(File.Exists(Path.Combine(bundle.Rootfs, "begun")));

        Assert.Equal(0, bundle.Invoke("start", bundle.Id).ExitCode);
        Assert.Equal("running", Status(bundle));
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(bundle.Rootfs, "begun")), 5000));

        Assert.Equal(0, bundle.Invoke("pause", bundle.Id).ExitCode);
        Assert.Equal("paused", Status(bundle));
        Assert.Equal(0, bundle.Invoke("resume", bundle.Id).ExitCode);

        Assert.Equal(1, bundle.Invoke("delete", bundle.Id).ExitCode);
        Assert.Equal(0, bundle.Invoke("kill", bundle.Id, "KILL").ExitCode);
        Assert.True(SpinWait.SpinUntil(() => Status(bundle) == "stopped", 5000));
        Assert.Equal(0, bundle.Invoke("delete", bundle.Id).ExitCode);
        bundle.RequireNothingLeft();
    }

    [Fact]
    public void start_tells_that_the_command_is_missing()
    {
        using Bundle bundle = new Bundle().WithArgs("missing");
        Assert.Equal(0, Invoke(bundle, "create", "--bundle", bundle.Root, bundle.Id).ExitCode);
        Bundle.Result result = bundle.Invoke("start", bundle.Id);
        Assert.Equal(127, result.ExitCode);
        Assert.Contains("missing", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void an_id_in_use_is_refused_and_its_container_lives_on()
    {
        using Bundle bundle = new Bundle().WithShell("sleep 100");
        Assert.Equal(0, Invoke(bundle, "create", "--bundle", bundle.Root, bundle.Id).ExitCode);
        Bundle.Result second = Invoke(bundle, "create", "--bundle", bundle.Root, bundle.Id);
        Assert.Equal(125, second.ExitCode);
        Assert.Contains("exists already", second.Error, StringComparison.Ordinal);
        Assert.Equal("created", Status(bundle));
    }

    [Fact]
    public void run_forwards_signals()
    {
        using Bundle bundle = new Bundle().WithShell("trap 'exit 42' TERM; echo ready; while true; do sleep 0.05; done");
        bundle.Config.Save(Path.Combine(bundle.Root, "config.json"));
        using Process run = bundle.Start("run", "--bundle", bundle.Root, bundle.Id);
        Assert.Equal("ready", run.StandardOutput.ReadLine());
        using (Process kill = Process.Start("kill", ["-TERM", $"{run.Id}"]))
        {
            kill.WaitForExit();
        }

        Assert.True(run.WaitForExit(10_000));
        Assert.Equal(42, run.ExitCode);
        bundle.RequireNothingLeft();
    }

    [Fact]
    public void exec_runs_in_the_container_and_gives_its_exit_code()
    {
        using Bundle bundle = Running();
        Bundle.Result result = bundle.Invoke("exec", "--user", "5:6", "--env", "A=b", "--cwd", "/bin", bundle.Id, "--", "sh", "-c", "id -u; id -g; pwd; echo $A; hostname; cat /proc/1/comm; exit 9");
        Assert.Equal((9, "5\n6\n/bin\nb\nctrun\nsh\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public void exec_of_a_missing_command_gives_127()
    {
        using Bundle bundle = Running();
        Assert.Equal(127, bundle.Invoke("exec", bundle.Id, "missing").ExitCode);
        Assert.Equal(126, bundle.Invoke("exec", bundle.Id, "/bin").ExitCode);
    }

    [Theory]
    [InlineData("1000abc")]
    [InlineData("4294967296")]
    [InlineData("4294967295")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("+5")]
    [InlineData("0x0")]
    [InlineData("5:")]
    public void CVE_2026_30892_exec_refuses_odd_user_numbers(string user)
    {
        using Bundle bundle = Running();
        Assert.Equal("1000\n", bundle.Invoke("exec", "--user=1000", bundle.Id, "id", "-u").Output);
        Bundle.Result result = bundle.Invoke("exec", $"--user={user}", bundle.Id, "id", "-u");
        Assert.Equal((125, ""), (result.ExitCode, result.Output));
    }

    [Fact]
    public void CVE_2022_27650_exec_gives_no_inheritable_or_ambient_capabilities()
    {
        // Control: the container's own program has them, because its configuration says so.
        using Bundle bundle = Created(new Bundle().WithShell("sleep 100; true").With(config => config with
        {
            Process = config.Process! with { Capabilities = config.Process.Capabilities! with { Inheritable = ["CAP_CHOWN"], Ambient = ["CAP_CHOWN"] } },
        }));
        Assert.Equal(0, bundle.Invoke("start", bundle.Id).ExitCode);
        Assert.Contains("CapInh:\t0000000000000001", File.ReadAllText($"/proc/{Pid(bundle)}/status"), StringComparison.Ordinal);
        Assert.Equal("CapInh:\t0000000000000000\nCapAmb:\t0000000000000000\n", bundle.Invoke("exec", bundle.Id, "grep", "-E", "CapInh|CapAmb", "/proc/self/status").Output);
    }

    internal static Bundle Running()
    {
        Bundle bundle = Created(new Bundle().WithShell("sleep 100; true"));
        Assert.Equal(0, bundle.Invoke("start", bundle.Id).ExitCode);
        return bundle;
    }

    internal static Bundle Created(Bundle bundle)
    {
        Assert.Equal(0, Invoke(bundle, "create", "--bundle", bundle.Root, bundle.Id).ExitCode);
        return bundle;
    }

    internal static int Pid(Bundle bundle)
    {
        using JsonDocument state = JsonDocument.Parse(bundle.Invoke("state", bundle.Id).Output);
        return state.RootElement.GetProperty("pid").GetInt32();
    }

    /// <summary>create and exec --detach hand their own streams to the container, which would keep pipes open; they get none.</summary>
    internal static Bundle.Result Invoke(Bundle bundle, params string[] words)
    {
        bundle.Config.Save(Path.Combine(bundle.Root, "config.json"));
        string error = Path.Combine(bundle.Root, "error");
        ProcessStartInfo start = new("/bin/sh");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec \"$0\" \"$@\" </dev/null >/dev/null 2>'{error}'");
        start.ArgumentList.Add(bundle.Program);
        foreach (string word in (string[])["--root", bundle.StateRoot, .. words])
        {
            start.ArgumentList.Add(word);
        }

        using Process process = Process.Start(start)!;
        Assert.True(process.WaitForExit(30_000));
        return new Bundle.Result(process.ExitCode, "", File.ReadAllText(error));
    }

    private static string? Status(Bundle bundle)
    {
        using JsonDocument state = JsonDocument.Parse(bundle.Invoke("state", bundle.Id).Output);
        return state.RootElement.GetProperty("status").GetString();
    }
}
