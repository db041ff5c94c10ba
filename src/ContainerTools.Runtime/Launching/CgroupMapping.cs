using ContainerTools.Linux.Cgroups;
using ContainerTools.Oci.RuntimeSpec;
using ContainerTools.Runtime.Planning;
using CgroupDeviceRule = ContainerTools.Linux.Cgroups.DeviceRule;

namespace ContainerTools.Runtime.Launching;

/// <summary>Turns the resources of a config.json into those of a cgroup.</summary>
internal static class CgroupMapping
{
    /// <summary>Path of a container's cgroup below each hierarchy.</summary>
    public static string PathOf(string id, string? cgroupsPath)
    {
        if (cgroupsPath is not { Length: > 0 })
        {
            return $"/containertools/{id}";
        }

        if (!cgroupsPath.StartsWith('/') && cgroupsPath.Contains(':', StringComparison.Ordinal))
        {
            throw new NotSupportedException($"linux.cgroupsPath '{cgroupsPath}' is in systemd's form, which is not supported. Use a path such as /containertools/{id}.");
        }

        return cgroupsPath.StartsWith('/') ? cgroupsPath : "/" + cgroupsPath;
    }

    /// <summary>Limits and device rules; the basic devices are always allowed once there are rules.</summary>
    public static CgroupResources ToResources(LinuxResources? resources, IReadOnlyList<DeviceNode> devices)
    {
        if (resources is null)
        {
            return new CgroupResources();
        }

        if (resources.Memory?.Kernel is > 0)
        {
            throw new NotSupportedException("linux.resources.memory.kernel is not supported by current kernels. Leave it out.");
        }

        if (resources.Memory is { Swappiness: not null } or { DisableOomKiller: true })
        {
            throw new NotSupportedException("linux.resources.memory.swappiness and disableOOMKiller are not supported. Leave them out.");
        }

        if (resources.BlockIo is { } block && (block.Weight is not null || block.ThrottleReadBpsDevice.Count + block.ThrottleWriteBpsDevice.Count + block.ThrottleReadIopsDevice.Count + block.ThrottleWriteIopsDevice.Count > 0))
        {
            throw new NotSupportedException("linux.resources.blockIO is not supported. Leave it out.");
        }

        if (resources.Unified.Count > 0)
        {
            throw new NotSupportedException("linux.resources.unified is not supported. Use memory, cpu and pids.");
        }

        return new CgroupResources
        {
            Memory = resources.Memory?.Limit,
            MemorySwap = resources.Memory?.Swap,
            MemoryReservation = resources.Memory?.Reservation,
            CpuShares = resources.Cpu?.Shares,
            CpuQuota = resources.Cpu?.Quota,
            CpuPeriod = resources.Cpu?.Period,
            CpusetCpus = resources.Cpu?.Cpus is { Length: > 0 } cpus ? cpus : null,
            CpusetMems = resources.Cpu?.Mems is { Length: > 0 } mems ? mems : null,
            Pids = resources.Pids?.Limit is { } limit ? (limit <= 0 ? -1 : limit) : null,
            Devices = resources.Devices.Count == 0 ? [] : [.. resources.Devices.Select(ToRule), .. CgroupDeviceRule.Basic, .. devices.Where(device => device.Type != "p").Select(AllowNode)],
        };
    }

    /// <summary>The container's directories as the plan shows them.</summary>
    public static IReadOnlyList<CgroupMembership> Memberships(CgroupHost host, ICgroup cgroup) =>
    [
        .. cgroup.Paths.Select(path =>
        {
            CgroupHierarchy hierarchy = host.Hierarchies.Where(candidate => path.StartsWith(candidate.MountPoint.TrimEnd('/') + "/", StringComparison.Ordinal)).MaxBy(candidate => candidate.MountPoint.Length)!;
            return new CgroupMembership(hierarchy.Version == CgroupVersion.V2 ? "" : Path.GetFileName(hierarchy.MountPoint.TrimEnd('/')), path);
        }),
    ];

    private static CgroupDeviceRule ToRule(Oci.RuntimeSpec.DeviceRule rule)
    {
        DeviceType type = (rule.Type ?? "a") switch
        {
            "a" or "" => DeviceType.All,
            "c" or "u" => DeviceType.Character,
            "b" => DeviceType.Block,
            var other => throw new FormatException($"linux.resources.devices: type '{other}' is not one of a, b, c."),
        };
        DeviceAccess access = DeviceAccess.None;
        foreach (char letter in rule.Access is { Length: > 0 } given ? given : "rwm")
        {
            access |= letter switch
            {
                'r' => DeviceAccess.Read,
                'w' => DeviceAccess.Write,
                'm' => DeviceAccess.Mknod,
                _ => throw new FormatException($"linux.resources.devices: access '{rule.Access}' has letters other than r, w and m."),
            };
        }

        return new CgroupDeviceRule(rule.Allow, type, Number(rule.Major), Number(rule.Minor), access);
    }

    private static CgroupDeviceRule AllowNode(DeviceNode node) =>
        new(true, node.Type == "b" ? DeviceType.Block : DeviceType.Character, (int)node.Major, (int)node.Minor, DeviceAccess.All);

    private static int? Number(long? value) => value is null or < 0 ? null : checked((int)value.Value);
}
