using System.Globalization;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Engine.Containers;

/// <summary>
/// Turns what a container was made with into the OCI <c>config.json</c> it runs from. A pure function of its input and of this host's devices: the result
/// is the plan that the runtime executes.
/// </summary>
internal static class RuntimeConfigBuilder
{
    // Of a network namespace of the container's own. Ports below 1024 and echo sockets need no capability there, as in Docker.
    private static readonly Dictionary<string, string> OfOwnNetwork = new()
    {
        ["net.ipv4.ip_unprivileged_port_start"] = "0",
        ["net.ipv4.ping_group_range"] = "0 2147483647",
    };

    private const ulong CpuPeriod = 100_000;
    private const long DefaultShmSize = 64L << 20;

    /// <summary>Builds the configuration. Throws <c>Invalid…</c> errors for contradictory input.</summary>
    public static RuntimeConfig Build(RuntimeConfigInput input)
    {
        var spec = input.Spec;
        var capabilities = CapabilityPlan.For(spec);
        return new RuntimeConfig
        {
            OciVersion = "1.0.2",
            Hostname = input.Network.IsHost && spec.HostName is null ? null : spec.HostName ?? input.Id[..12],
            Root = new RootFileSystem { Path = input.RootPath, Readonly = spec.ReadOnly },
            Process = new ProcessSection
            {
                Args = input.Command,
                Cwd = input.WorkingDirectory,
                Env = input.Environment,
                User = new ProcessUser { Uid = input.User.Uid, Gid = input.User.Gid, AdditionalGids = input.User.Groups },
                NoNewPrivileges = spec.NoNewPrivileges && !spec.Privileged,
                Capabilities = new CapabilitySets
                {
                    Bounding = capabilities,
                    // A process that is not root gets none until it executes a file that grants some (capabilities(7)); inheritable stays empty (CVE-2022-29162).
                    Effective = input.User.Uid == 0 ? capabilities : [],
                    Permitted = input.User.Uid == 0 ? capabilities : [],
                },
                Rlimits = [.. spec.Ulimits.Select(limit => ToRlimit(limit.Key, limit.Value))],
            },
            Mounts = [.. Mounts(spec, input.HostFiles)],
            Linux = Linux(input),
            Annotations = spec.Init ? new Dictionary<string, string> { [RuntimeConfig.InitAnnotation] = "true" } : [],
        };
    }

    private static LinuxSection Linux(RuntimeConfigInput input)
    {
        var spec = input.Spec;
        var namespaces = new List<NamespaceSpec>
        {
            new() { Type = "pid" }, new() { Type = "mount" }, new() { Type = "ipc" }, new() { Type = "cgroup" },
        };
        if (!input.Network.IsHost || input.Network.NamespacePath is not null)
        {
            namespaces.Add(new NamespaceSpec { Type = "network", Path = input.Network.NamespacePath });
        }

        if (!input.Network.IsHost || spec.HostName is not null)
        {
            namespaces.Add(new NamespaceSpec { Type = "uts" });
        }

        return new LinuxSection
        {
            Namespaces = namespaces,
            CgroupsPath = $"/containertools/{input.Id}",
            Resources = Resources(spec),
            Seccomp = spec.Privileged ? null : SeccompProfiles.Load(spec.SeccompProfile, CapabilityPlan.For(spec)),
            Devices = spec.Privileged ? HostDevices.All() : [],
            MaskedPaths = spec.Privileged ? [] : SystemPaths.Masked,
            ReadonlyPaths = spec.Privileged ? [] : SystemPaths.ReadOnly,
            Sysctl = input.Network.PlanPath is null ? spec.Sysctls : Overlay(OfOwnNetwork, spec.Sysctls),
            RootfsPropagation = "rprivate",
        };
    }

    private static Dictionary<string, string> Overlay(Dictionary<string, string> defaults, IReadOnlyDictionary<string, string> own) =>
        defaults.Concat(own).GroupBy(setting => setting.Key).ToDictionary(same => same.Key, same => same.Last().Value);

    private static LinuxResources Resources(ContainerSpec spec) => new()
    {
        Devices = spec.Privileged ? [new DeviceRule { Allow = true, Access = "rwm" }] : HostDevices.DefaultRules,
        Memory = spec.Memory is { } memory
            ? new MemoryLimits { Limit = memory, Swap = spec.MemorySwap ?? memory * 2 }
            : null,
        Cpu = spec.Cpu is null && spec.CpuWeight is null && spec.CpuSet is null
            ? null
            : new CpuLimits
            {
                Period = spec.Cpu is null ? null : CpuPeriod,
                Quota = spec.Cpu is { } cpus ? (long)Math.Round(cpus * CpuPeriod) : null,
                Shares = spec.CpuWeight is { } weight ? SharesOf(weight) : null,
                Cpus = spec.CpuSet,
            },
        Pids = spec.PidsLimit is { } pids ? new PidsLimits { Limit = pids } : null,
    };

    // OCI speaks v1 shares: the inverse of the runtime's 1 + (shares - 2) * 9999 / 262142, so that weight 100 comes back as 100.
    private static ulong SharesOf(long weight) => (ulong)(2 + Math.Ceiling((weight - 1) * 262142.0 / 9999));

    private static IEnumerable<RuntimeMount> Mounts(ContainerSpec spec, IReadOnlyList<ContainerMount> hostFiles)
    {
        var system = new List<RuntimeMount>
        {
            new() { Destination = "/proc", Type = "proc", Source = "proc", Options = ["nosuid", "noexec", "nodev"] },
            new() { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            new() { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
            new()
            {
                Destination = "/dev/shm",
                Type = "tmpfs",
                Source = "shm",
                Options = ["nosuid", "noexec", "nodev", "mode=1777", $"size={(spec.ShmSize ?? DefaultShmSize).ToString(CultureInfo.InvariantCulture)}"],
            },
            new() { Destination = "/dev/mqueue", Type = "mqueue", Source = "mqueue", Options = ["nosuid", "noexec", "nodev"] },
            new() { Destination = "/sys", Type = "sysfs", Source = "sysfs", Options = spec.Privileged ? ["nosuid", "noexec", "nodev"] : ["nosuid", "noexec", "nodev", "ro"] },
            new() { Destination = "/sys/fs/cgroup", Type = "cgroup", Source = "cgroup", Options = spec.Privileged ? ["nosuid", "noexec", "nodev"] : ["nosuid", "noexec", "nodev", "ro"] },
        };
        var tmpfs = spec.Tmpfs.Select(mount => new RuntimeMount
        {
            Destination = mount.Key,
            Type = "tmpfs",
            Source = "tmpfs",
            Options = ["nosuid", "nodev", "noexec", .. mount.Value.Split(',', StringSplitOptions.RemoveEmptyEntries)],
        });
        var binds = hostFiles.Concat(spec.Mounts).Select(mount => new RuntimeMount
        {
            Destination = mount.Destination,
            Type = "bind",
            Source = mount.Source,
            Options = ["rbind", mount.Propagation, .. mount.ReadOnly ? (string[])["ro"] : []],
        });
        // The user's mount at a system path takes that path's place; deeper paths come after their parents.
        var own = tmpfs.Concat(binds).OrderBy(mount => mount.Destination.Count(c => c == '/')).ToList();
        return system.Where(mount => own.All(other => other.Destination != mount.Destination)).Concat(own);
    }

    private static ResourceLimit ToRlimit(string name, Ulimit limit) => new()
    {
        Type = $"RLIMIT_{name.ToUpperInvariant()}",
        Soft = limit.Soft < 0 ? ulong.MaxValue : (ulong)limit.Soft,
        Hard = limit.Hard < 0 ? ulong.MaxValue : (ulong)limit.Hard,
    };
}
