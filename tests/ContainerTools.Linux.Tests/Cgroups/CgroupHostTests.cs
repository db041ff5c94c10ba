using System.Diagnostics;
using ContainerTools.Linux.Cgroups;

namespace ContainerTools.Linux.Tests.Cgroups;

[Trait("Cgroup", "any")]
public class CgroupHostTests
{
    private static string NewPath() => $"/containertools/test-{Guid.NewGuid():n}";

    private static Process Start(string command) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardInput = true })!;

    [Fact]
    public void A_cgroup_limits_counts_and_goes()
    {
        var host = CgroupHost.Detect();
        var cgroup = host.Create(NewPath(), new() { Memory = 64 << 20, Pids = 20, CpuQuota = 50_000, CpuPeriod = 100_000, CpuShares = 512, Devices = [DeviceRule.DenyAll, .. DeviceRule.Basic] });
        try
        {
            using var process = Start("read go; exec sleep 60");
            cgroup.Join(process.Id);
            Assert.Equal([process.Id], cgroup.Processes());
            Assert.Equal([process.Id], host.Open(cgroup.Paths).Processes());
            Assert.Equal(1, cgroup.Usage().Pids);
            Assert.Equal(0, cgroup.OomKillCount());
            cgroup.Freeze();
            Assert.True(cgroup.IsFrozen);
            cgroup.Thaw();
            Assert.False(cgroup.IsFrozen);
            cgroup.Update(new() { Memory = 128 << 20, MemorySwap = 256 << 20, Pids = 30 });
            cgroup.Update(new() { Memory = 32 << 20, MemorySwap = 64 << 20 });
            cgroup.KillAll();
            Assert.True(process.WaitForExit(5000));
            Assert.Equal(137, process.ExitCode);
        }
        finally
        {
            cgroup.KillAll();
            cgroup.Delete();
        }

        Assert.All(cgroup.Paths, path => Assert.False(Directory.Exists(path)));
        cgroup.Delete();
    }

    [Fact]
    public void Frozen_processes_and_those_of_nested_cgroups_are_killed_too()
    {
        var host = CgroupHost.Detect();
        var cgroup = host.Create(NewPath(), new());
        using var process = Start("read go; exec sleep 60");
        try
        {
            cgroup.Join(process.Id);
            cgroup.Freeze();
            cgroup.KillAll();
            Assert.True(process.WaitForExit(5000));
        }
        finally
        {
            foreach (var path in cgroup.Paths)
            {
                Directory.CreateDirectory(path + "/nested/deeper");
            }

            cgroup.Delete();
        }

        Assert.All(cgroup.Paths, path => Assert.False(Directory.Exists(path)));
    }

    [Fact]
    public void The_pids_limit_and_the_device_list_hold()
    {
        var cgroup = CgroupHost.Detect().Create(NewPath(), new() { Pids = 3, Devices = [DeviceRule.DenyAll, .. DeviceRule.Basic] });
        try
        {
            // The log device (1:11, kmsg) is not on the list, null (1:3) is; then a fifth process must be refused.
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "read go; (: </dev/kmsg) 2>/dev/null && echo kmsg; : </dev/null && echo null; sleep 9 & sleep 9 & sleep 9 & sleep 9 & wait"])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            cgroup.Join(process.Id);
            process.StandardInput.WriteLine("go");
            process.StandardInput.Close();
            var error = process.StandardError.ReadLine();
            Assert.Contains("fork", error, StringComparison.OrdinalIgnoreCase);
            Assert.Equal("null", process.StandardOutput.ReadLine());
            cgroup.KillAll();
            process.WaitForExit();
        }
        finally
        {
            cgroup.KillAll();
            cgroup.Delete();
        }
    }

    [Fact]
    public void A_leftover_is_replaced_and_a_cgroup_in_use_is_not()
    {
        var host = CgroupHost.Detect();
        var path = NewPath();
        var left = host.Create(path, new() { Pids = 7 });
        var cgroup = host.Create(path, new());
        using var process = Start("read go; exec sleep 60");
        try
        {
            Assert.Equal(left.Paths, cgroup.Paths);
            cgroup.Join(process.Id);
            var error = Assert.Throws<LinuxException>(() => host.Create(path, new()));
            Assert.Equal(16, error.Errno);
            Assert.Equal([process.Id], cgroup.Processes());
        }
        finally
        {
            cgroup.KillAll();
            cgroup.Delete();
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/containertools/../escape")]
    public void Paths_that_could_lead_elsewhere_are_refused(string path) =>
        Assert.Throws<ArgumentException>(() => CgroupHost.Detect().Create(path, new()));
}
