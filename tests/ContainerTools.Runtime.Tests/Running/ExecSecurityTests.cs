using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Tests.Running;

/// <summary>What a container can reach of a process that is on its way into it.</summary>
public sealed class ExecSecurityTests
{
    [Fact]
    public void CVE_2016_9962_a_container_that_may_trace_sees_nothing_of_the_host_in_a_process_that_comes_in()
    {
        const string scan = "while true; do ls -l /proc/[0-9]*/fd /proc/[0-9]*/exe /proc/[0-9]*/cwd 2>/dev/null; grep -H CapEff /proc/[0-9]*/status; done >/seen";
        using Bundle bundle = LifecycleTests.Created(new Bundle().WithShell(scan).With(config => config with
        {
            Process = config.Process! with { Capabilities = Tracing(config.Process.Capabilities!) },
        }));
        Directory.CreateDirectory(Path.Combine(bundle.Rootfs, "entered"));
        Assert.Equal(0, bundle.Invoke("start", bundle.Id).ExitCode);
        for (int count = 0; count < 60; count++)
        {
            Assert.Equal(0, bundle.Invoke("exec", "--cwd", "/entered", bundle.Id, "sleep", "0.02").ExitCode);
        }

        bundle.Invoke("kill", bundle.Id, "KILL");

        // The container's standard error is the test's file, given to it on purpose.
        string[] seen = [.. File.ReadLines(Path.Combine(bundle.Rootfs, "seen")).Where(line => !line.EndsWith($"{bundle.Root}/error", StringComparison.Ordinal))];
        ulong own = seen.Where(line => line.StartsWith("/proc/1/status:", StringComparison.Ordinal)).Select(Capabilities).First();
        string[] host = [.. seen.Where(line => line.Contains("ctrun", StringComparison.Ordinal) || line.Contains("cgroup", StringComparison.Ordinal) || line.Contains(bundle.Root, StringComparison.Ordinal)
            || (line.Contains("CapEff:", StringComparison.Ordinal) && (Capabilities(line) & ~own) != 0)).Distinct().Take(5)];
        Assert.True(host.Length == 0, string.Join('\n', host));

        // Control: the container did look at the processes that came in, and could follow their links.
        Assert.Contains(seen, line => line.EndsWith("cwd -> /entered", StringComparison.Ordinal));
    }

    private static ulong Capabilities(string line) => Convert.ToUInt64(line[^16..], 16);

    private static CapabilitySets Tracing(CapabilitySets sets) => sets with
    {
        Bounding = [.. sets.Bounding, "CAP_SYS_PTRACE"],
        Permitted = [.. sets.Permitted, "CAP_SYS_PTRACE"],
        Effective = [.. sets.Effective, "CAP_SYS_PTRACE"],
    };
}
