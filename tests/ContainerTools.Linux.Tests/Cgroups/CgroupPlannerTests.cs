using ContainerTools.Linux.Cgroups;

namespace ContainerTools.Linux.Tests.Cgroups;

public class CgroupPlannerTests
{
    private static string[] Plan(CgroupResources resources, CgroupVersion version) =>
        [.. CgroupPlanner.Plan(resources, version).Select(write => $"{write.File}={write.Value}")];

    private static readonly CgroupResources Limits = new()
    {
        Memory = 64 << 20, MemorySwap = 128 << 20, MemoryReservation = 32 << 20, CpuShares = 512, CpuQuota = 50_000, CpuPeriod = 100_000,
        CpusetCpus = "0-1", CpusetMems = "0", Pids = 50, Devices = [DeviceRule.DenyAll, new(true, DeviceType.Character, 1, null, DeviceAccess.Read | DeviceAccess.Mknod)],
    };

    [Fact]
    public void Limits_become_the_files_of_v1() => Assert.Equal(
        [
            "cpuset.cpus=0-1", "cpuset.mems=0", "cpu.shares=512", "cpu.cfs_period_us=100000", "cpu.cfs_quota_us=50000", "memory.limit_in_bytes=67108864",
            "memory.memsw.limit_in_bytes=134217728", "memory.soft_limit_in_bytes=33554432", "pids.max=50", "devices.deny=a", "devices.allow=c 1:* rm",
        ],
        Plan(Limits, CgroupVersion.V1));

    [Fact]
    public void Limits_become_the_files_of_v2() => Assert.Equal(
        [
            "cpuset.cpus=0-1", "cpuset.mems=0", "cpu.weight=20", "cpu.max=50000 100000", "memory.max=67108864", "memory.swap.max=67108864", "memory.low=33554432", "pids.max=50",
        ],
        Plan(Limits, CgroupVersion.V2));

    [Fact]
    public void No_limit_is_written_as_each_version_spells_it()
    {
        var unlimited = new CgroupResources { Memory = -1, MemorySwap = -1, Pids = -1, CpuQuota = -1 };
        Assert.Equal(["cpu.cfs_quota_us=-1", "memory.limit_in_bytes=-1", "memory.memsw.limit_in_bytes=-1", "pids.max=max"], Plan(unlimited, CgroupVersion.V1));
        Assert.Equal(["cpu.max=max 100000", "memory.max=max", "memory.swap.max=max", "pids.max=max"], Plan(unlimited, CgroupVersion.V2));
    }

    [Fact]
    public void Equal_limits_on_memory_and_swap_mean_no_swap_on_v2() =>
        Assert.Equal(["memory.max=16777216", "memory.swap.max=0"], Plan(new() { Memory = 16 << 20, MemorySwap = 16 << 20 }, CgroupVersion.V2));

    [Fact]
    public void Nothing_asked_is_nothing_written()
    {
        Assert.Empty(CgroupPlanner.Plan(new(), CgroupVersion.V1));
        Assert.Empty(CgroupPlanner.Plan(new(), CgroupVersion.V2));
    }

    [Theory]
    [InlineData(null, 100L)]
    [InlineData(200L, 100L)]
    public void Contradicting_memory_limits_are_refused(long? memory, long swap) =>
        Assert.Throws<ArgumentException>(() => CgroupPlanner.Plan(new() { Memory = memory, MemorySwap = swap }, CgroupVersion.V2));

    [Theory]
    [InlineData(2UL, 1UL)]
    [InlineData(1024UL, 39UL)]
    [InlineData(262144UL, 10000UL)]
    public void Shares_and_weight_convert_end_to_end(ulong shares, ulong weight)
    {
        Assert.Equal(weight, CpuWeight.FromShares(shares));
        Assert.Equal(weight, CpuWeight.FromShares(CpuWeight.ToShares(weight) + 26));
        Assert.InRange(CpuWeight.ToShares(weight), shares > 30 ? shares - 30 : 2, shares);
    }

    [Fact]
    public void Only_mounted_hierarchies_count()
    {
        const string table = """
            30 22 0:27 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            31 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
            34 30 0:31 / /sys/fs/cgroup/my\040memory rw,relatime - cgroup cgroup rw,memory
            39 30 0:36 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
            40 30 0:37 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate
            41 30 0:31 / /elsewhere rw,relatime - cgroup cgroup rw,memory
            """;
        var found = CgroupMounts.Parse(table);
        Assert.Equal(["/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/my memory", "/sys/fs/cgroup/unified"], found.Select(item => item.MountPoint));
        Assert.Equal(["cpu", "cpuacct"], found[0].Controllers);
        Assert.Equal(CgroupVersion.V2, found[2].Version);
    }

    [Theory]
    [InlineData("0::/user.slice", "/sys/fs/cgroup=2", "/sys/fs/cgroup")]
    [InlineData("2:cpu,cpuacct:/\n1:memory:/a:b\n3:name=systemd:/\n0::/", "/sys/fs/cgroup/cpu,cpuacct=1 /sys/fs/cgroup/memory=1", "/sys/fs/cgroup/cpu,cpuacct /sys/fs/cgroup/memory")]
    [InlineData("2:cpu,cpuacct:/\n1:memory:/\n0::/", "/sys/fs/cgroup/cpu,cpuacct=1 /sys/fs/cgroup/memory=1 /sys/fs/cgroup/unified=2", "/sys/fs/cgroup/cpu,cpuacct /sys/fs/cgroup/memory /sys/fs/cgroup/unified")]
    [InlineData("4:net_cls:/\n2:cpu:/\n1:memory:/", "/sys/fs/cgroup/cpu=1 /sys/fs/cgroup/memory=1", "/sys/fs/cgroup/cpu /sys/fs/cgroup/memory")]
    [InlineData("2:cpu,cpuacct:/\n1:memory:/\n0::/", "/sys/fs/cgroup/cpu,cpuacct=1", null)]
    [InlineData("2:cpu:/\n0::/", "/sys/fs/cgroup/cpu=1", null)]
    [InlineData("0::/", "/cgroup2=2", null)]
    public void Hierarchies_at_the_usual_places_need_no_mount_table(string membership, string types, string? expected)
    {
        var mounted = types.Split(' ').Select(item => item.Split('=')).ToDictionary(item => item[0], item => item[1] == "2" ? 0x63677270L : 0x27e0ebL);

        var found = CgroupMounts.AtUsualPlaces(membership, ["cpu", "memory"], path => mounted.GetValueOrDefault(path));

        Assert.Equal(expected?.Split(' '), found?.Select(item => item.MountPoint));
        Assert.True(found is null || found.All(item => item.Version == CgroupVersion.V2 || item.Controllers.SequenceEqual(item.MountPoint.Split('/')[^1].Split(','))));
    }

    [Fact]
    public void Usual_places_and_the_mount_table_say_the_same_of_this_host()
    {
        var quick = CgroupMounts.AtUsualPlaces(File.ReadAllText("/proc/self/cgroup"), CgroupHost.Served, path => CgroupFile.FileSystemType(path));
        var thorough = CgroupMounts.Parse(File.ReadAllText("/proc/self/mountinfo"));
        Assert.True(quick is null || quick.Select(item => (item.MountPoint, string.Join(',', item.Controllers))).ToHashSet().SetEquals(thorough.Select(item => (item.MountPoint, string.Join(',', item.Controllers)))));
    }
}
