using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux;
using ContainerTools.Linux.Firewall;

namespace ContainerTools.Engine.Host;

/// <summary>Asks the kernel, file by file, for what the engine needs or can use.</summary>
internal static class HostChecks
{
    public static IReadOnlyList<HostCheck> Run(StorePaths paths, string runtimePath, HostNetwork network)
    {
        var fileSystems = File.ReadLines("/proc/filesystems").Select(line => line.Split('\t')[^1]).ToHashSet();
        var cgroups = HostFacts.CgroupVersion();
        var controllers = Controllers(cgroups);
        return
        [
            Check("Root", true, Environment.IsPrivilegedProcess, "runs as root", "does not run as root", "Run PowerShell as root (sudo pwsh)."),
            Check("Runtime", true, File.Exists(runtimePath), runtimePath, $"{runtimePath} is missing", "Build it: dotnet build src/ContainerTools.Runtime."),
            Check("Overlay", true, fileSystems.Contains("overlay"), "overlay file system", "the kernel has no overlay file system", "modprobe overlay"),
            .. ((string[])["mnt", "pid", "uts", "ipc", "net", "cgroup", "user"]).Select(name =>
                Check($"Namespace{char.ToUpperInvariant(name[0])}{name[1..]}", name != "user", File.Exists($"/proc/self/ns/{name}"), $"{name} namespaces", $"the kernel has no {name} namespaces", "Use a kernel with this namespace built in.")),
            Check("Cgroup", true, cgroups != "none", cgroups, "no cgroup hierarchy is mounted", "mount -t cgroup2 none /sys/fs/cgroup"),
            .. ((string[])["memory", "cpu", "cpuset", "pids"]).Select(name =>
                Check($"Cgroup{char.ToUpperInvariant(name[0])}{name[1..]}", false, controllers.Contains(name), $"{name} controller", $"the {name} controller is not available", $"Enable it on the kernel command line (cgroup_enable={name}).")),
            Check("Seccomp", false, File.Exists("/proc/sys/kernel/seccomp/actions_avail"), "seccomp filters", "the kernel has no seccomp filters", "Use a kernel with CONFIG_SECCOMP_FILTER."),
            Firewall(network),
            Forwarding(network),
            StoreFileSystem(paths),
            Capabilities(),
        ];
    }

    private static HashSet<string> Controllers(string version) => version == "v2"
        ? [.. File.ReadAllText("/sys/fs/cgroup/cgroup.controllers").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)]
        : [.. File.ReadLines("/proc/cgroups").Skip(1).Select(line => line.Split('\t')).Where(fields => fields[3] == "1" && fields[1] != "0").Select(fields => fields[0])];

    private static HostCheck Firewall(HostNetwork network)
    {
        try
        {
            using var firewall = new NetworkFirewall(Nftables.Open(), network.Namespace);
            _ = firewall.IsEstablished();
            return Check("Firewall", false, true, "nftables", "", "");
        }
        catch (Exception error) when (error is NftablesException or LinuxException or ContainerToolsException)
        {
            return Check(
                "Firewall", false, false, "", $"containers cannot be put on bridge networks: {error.Message}", "Mend it as it says, use -Network host or none, or make rules of your own (Set-ContainerEngine -FirewallBackend None).");
        }
    }

    // In nftables one drop is enough, wherever it stands: no accept of ours helps against another table's policy.
    private static HostCheck Forwarding(HostNetwork network)
    {
        const string mend = "Let our bridges through there: with Docker, iptables -I DOCKER-USER -i 'ct-+' -j ACCEPT and the same with -o; with ufw, ufw route allow in on BRIDGE and out on BRIDGE; with firewalld, put them into a trusted zone.";
        var dropping = new List<string>();
        try
        {
            var nftables = Nftables.Open();
            var table = "";
            foreach (var line in network.Namespace.Run(() => nftables.Run("list chains\n")).Split('\n').Select(line => line.Trim()))
            {
                table = line.StartsWith("table ", StringComparison.Ordinal) ? line[6..].TrimEnd(' ', '{') : table;
                if (line.Contains("hook forward", StringComparison.Ordinal) && line.Contains("policy drop", StringComparison.Ordinal))
                {
                    dropping.Add(table);
                }
            }
        }
        catch (Exception error) when (error is NftablesException or LinuxException or ContainerToolsException)
        {
            // The check before this one has said so.
        }

        return Check(
            "Forwarding", false, dropping.Count == 0, "no other firewall drops forwarded packets", $"the table {string.Join(", ", dropping)} drops forwarded packets that it does not know, those of containers among them", mend);
    }

    private static HostCheck StoreFileSystem(StorePaths paths)
    {
        var drive = new DriveInfo(paths.Root);
        var free = drive.AvailableFreeSpace;
        return Check(
            "StoreSpace", false, free > 1L << 30, $"{free >> 20} MiB free on {drive.DriveFormat} at {paths.Root}", $"only {free >> 20} MiB free at {paths.Root}", "Free space, or move the store with CONTAINERTOOLS_ROOT.");
    }

    private static HostCheck Capabilities()
    {
        var missing = CapabilityPlan.Default.Append("CAP_SYS_ADMIN").Except(CapabilityPlan.Available()).ToList();
        return Check(
            "Capabilities", true, missing.Count == 0, "all that containers get by default", $"this process lacks {string.Join(", ", missing)}", "Run outside a restricted container, or add these capabilities to it.");
    }

    private static HostCheck Check(string name, bool required, bool passed, string found, string lacking, string mend) => new()
    {
        Name = name,
        Required = required,
        Passed = passed,
        Detail = passed ? found : lacking,
        RecommendedAction = passed ? null : mend,
    };
}
