using System.Globalization;

namespace ContainerTools.Linux.Cgroups;

/// <summary>Turns limits into the values to write, without touching the system.</summary>
public static class CgroupPlanner
{
    private const ulong DefaultPeriod = 100_000;

    /// <summary>The writes of a controller in a hierarchy of a version, in order. Devices on v2 are a BPF program instead; see <see cref="DeviceFilter"/>.</summary>
    /// <exception cref="ArgumentException">The limits contradict one another.</exception>
    public static IReadOnlyList<CgroupWrite> Plan(CgroupResources resources, string controller, CgroupVersion version)
    {
        var writes = new List<CgroupWrite>();
        switch (controller)
        {
            case "memory":
                Memory(resources, version, writes);
                break;
            case "cpu":
                Cpu(resources, version, writes);
                break;
            case "cpuset":
                Add(writes, "cpuset", "cpuset.cpus", resources.CpusetCpus);
                Add(writes, "cpuset", "cpuset.mems", resources.CpusetMems);
                break;
            case "pids":
                Add(writes, "pids", "pids.max", Limit(resources.Pids, "max"));
                break;
            case "devices" when version == CgroupVersion.V1:
                foreach (var rule in resources.Devices)
                {
                    writes.Add(new CgroupWrite("devices", rule.Allow ? "devices.allow" : "devices.deny", rule.ToControllerText()));
                }

                break;
        }

        return writes;
    }

    /// <summary>All writes for a host whose every controller is in a hierarchy of one version.</summary>
    public static IReadOnlyList<CgroupWrite> Plan(CgroupResources resources, CgroupVersion version) =>
        [.. CgroupHost.Served.SelectMany(controller => Plan(resources, controller, version))];

    private static void Memory(CgroupResources resources, CgroupVersion version, List<CgroupWrite> writes)
    {
        if (resources is { MemorySwap: > 0, Memory: null or <= 0 })
        {
            throw new ArgumentException("A limit on memory and swap together needs a limit on memory.", nameof(resources));
        }

        if (resources is { MemorySwap: > 0 } && resources.MemorySwap < resources.Memory)
        {
            throw new ArgumentException($"The limit on memory and swap together ({resources.MemorySwap}) is below the limit on memory ({resources.Memory}).", nameof(resources));
        }

        if (version == CgroupVersion.V1)
        {
            Add(writes, "memory", "memory.limit_in_bytes", Limit(resources.Memory, "-1"));
            Add(writes, "memory", "memory.memsw.limit_in_bytes", Limit(resources.MemorySwap, "-1"), optional: true);
            Add(writes, "memory", "memory.soft_limit_in_bytes", Limit(resources.MemoryReservation, "-1"));
            return;
        }

        Add(writes, "memory", "memory.max", Limit(resources.Memory, "max"));
        var swap = resources.MemorySwap is > 0 ? resources.MemorySwap - resources.Memory : resources.MemorySwap;
        Add(writes, "memory", "memory.swap.max", resources.MemorySwap is 0 ? null : Limit(swap, "max", zeroIsLimit: true), optional: true);
        Add(writes, "memory", "memory.low", Limit(resources.MemoryReservation, "0"));
    }

    private static void Cpu(CgroupResources resources, CgroupVersion version, List<CgroupWrite> writes)
    {
        if (version == CgroupVersion.V1)
        {
            Add(writes, "cpu", "cpu.shares", Text(resources.CpuWeight is { } weight and > 0 ? CpuWeight.ToShares(weight) : resources.CpuShares));

            // The period first: the kernel judges the quota by the period in force.
            Add(writes, "cpu", "cpu.cfs_period_us", Text(resources.CpuPeriod));
            Add(writes, "cpu", "cpu.cfs_quota_us", Limit(resources.CpuQuota, "-1"));
            return;
        }

        Add(writes, "cpu", "cpu.weight", Text(resources.CpuWeight is > 0 ? resources.CpuWeight : resources.CpuShares is { } shares and > 0 ? CpuWeight.FromShares(shares) : null));
        if (resources.CpuQuota is not (null or 0) || resources.CpuPeriod is > 0)
        {
            var period = resources.CpuPeriod is > 0 ? resources.CpuPeriod.Value : DefaultPeriod;
            Add(writes, "cpu", "cpu.max", $"{Limit(resources.CpuQuota, "max") ?? "max"} {period.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    // Zero means "not set" in config.json, except where a difference came out as zero.
    private static string? Limit(long? value, string unlimited, bool zeroIsLimit = false) => value switch
    {
        null => null,
        0 when !zeroIsLimit => null,
        < 0 => unlimited,
        _ => value.Value.ToString(CultureInfo.InvariantCulture),
    };

    private static string? Text(ulong? value) => value is null or 0 ? null : value.Value.ToString(CultureInfo.InvariantCulture);

    private static void Add(List<CgroupWrite> writes, string controller, string file, string? value, bool optional = false)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writes.Add(new CgroupWrite(controller, file, value, optional));
        }
    }
}
