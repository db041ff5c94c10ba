using System.Net;
using System.Text.RegularExpressions;
using ContainerTools.Engine.Networks;
using ContainerTools.Engine.Networks.Ports;
using ContainerTools.Linux.Processes;

namespace ContainerTools.Engine.Containers;

/// <summary>Judges a spec before anything is made of it: every wrong value gets its own error.</summary>
internal static partial class ContainerSpecRules
{
    private const long SmallestMemory = 6L << 20;

    private static readonly string[] Limits =
    [
        "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack",
    ];

    private static readonly string[] NamespacedSysctls =
    [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced",
        "kernel.domainname", "kernel.hostname",
    ];

    /// <summary>Throws <c>Invalid…</c> for the first rule broken.</summary>
    public static void Check(ContainerSpec spec)
    {
        if (spec.Name is { } name)
        {
            ContainerNames.Validate(name);
        }

        CheckResources(spec);
        CheckProcess(spec);
        CheckMounts(spec);
        var network = NetworkMode.Of(spec);
        CheckNetworks(spec, network);
        foreach (var key in spec.Sysctls.Keys)
        {
            var allowed = NamespacedSysctls.Contains(key) || key.StartsWith("fs.mqueue.", StringComparison.Ordinal)
                || (key.StartsWith("net.", StringComparison.Ordinal) && network.Kind is NetworkModeKind.Networks or NetworkModeKind.None);
            Require(allowed, "InvalidSysctl", $"The kernel parameter '{key}' does not belong to the container's own namespaces.", key, "Set it on the host with sysctl(8), or leave it out.");
        }

        _ = CapabilityPlan.For(spec);
    }

    private static void CheckResources(ContainerSpec spec)
    {
        Require(spec.Memory is null or >= SmallestMemory, "InvalidMemory", $"A memory limit of {spec.Memory} bytes is below the smallest, 6 MiB.", spec.Memory, "Give at least 6MB.");
        Require(
            spec.MemorySwap is null or -1 || (spec.Memory is { } memory && spec.MemorySwap >= memory),
            "InvalidMemorySwap",
            $"Memory and swap together ({spec.MemorySwap}) must not be less than the memory limit, which must be given too.",
            spec.MemorySwap,
            "Give -Memory, and a -MemorySwap at least as large or -1.");
        Require(
            spec.Cpu is null || (spec.Cpu >= 0.01 && spec.Cpu <= Environment.ProcessorCount),
            "InvalidCpu",
            $"{spec.Cpu} CPUs are outside 0.01 to {Environment.ProcessorCount}, what this host has.",
            spec.Cpu,
            $"Give a number from 0.01 to {Environment.ProcessorCount}.");
        Require(spec.CpuWeight is null or (>= 1 and <= 10_000), "InvalidCpuWeight", $"A CPU weight of {spec.CpuWeight} is outside 1 to 10000.", spec.CpuWeight, "100 is normal.");
        Require(spec.CpuSet is null || CpuList().IsMatch(spec.CpuSet), "InvalidCpuSet", $"'{spec.CpuSet}' is not a list of cores.", spec.CpuSet, "Write for example 0-1,3.");
        Require(spec.PidsLimit is null or -1 or >= 1, "InvalidPidsLimit", $"A limit of {spec.PidsLimit} processes makes no sense.", spec.PidsLimit, "Give 1 or more, or -1 for no limit.");
        Require(spec.ShmSize is null or > 0, "InvalidShmSize", $"A /dev/shm of {spec.ShmSize} bytes makes no sense.", spec.ShmSize, "Give for example 64MB.");
        foreach (var (limit, value) in spec.Ulimits)
        {
            Require(Limits.Contains(limit), "InvalidUlimit", $"'{limit}' is not a resource limit.", limit, $"Use one of {string.Join(", ", Limits)}.");
            Require(value.Hard < 0 || (value.Soft >= 0 && value.Soft <= value.Hard), "InvalidUlimit", $"The soft limit of {limit} ({value.Soft}) is above the hard one ({value.Hard}).", limit, "Write soft:hard.");
        }
    }

    private static void CheckProcess(ContainerSpec spec)
    {
        Require(spec.WorkingDirectory is null || spec.WorkingDirectory.StartsWith('/'), "InvalidWorkingDirectory", $"The working directory '{spec.WorkingDirectory}' is not absolute.", spec.WorkingDirectory, "Begin it with '/'.");
        Require(spec.HostName is null || HostName().IsMatch(spec.HostName), "InvalidHostName", $"'{spec.HostName}' is not a host name.", spec.HostName, "Use letters, digits, '-' and '.', at most 63 characters.");
        Require(spec.StopSignal is null || Signals.Parse(spec.StopSignal) is not null, "InvalidSignal", $"'{spec.StopSignal}' is not a signal.", spec.StopSignal, "Use a name from signal(7), such as TERM, or a number from 1 to 64.");
        foreach (var (key, value) in spec.Environment)
        {
            Require(key.Length > 0 && !key.Contains('=') && !(key + value).Contains('\0'), "InvalidEnvironment", $"'{key}' cannot be the name of an environment variable.", key, "A name is not empty and holds no '='.");
        }

        Require(
            !(spec.Command ?? []).Concat(spec.Entrypoint ?? []).Any(word => word.Contains('\0')), "InvalidCommand", "A word of the command holds a NUL character.", spec.Image, "Remove it.");
    }

    private static void CheckNetworks(ContainerSpec spec, NetworkMode network)
    {
        var first = spec.Networks.Count > 0 ? spec.Networks[0].Name : NetworkMode.Default;
        foreach (var attachment in spec.Networks)
        {
            AttachmentRules.Check(attachment);
            Require(
                network.Kind == NetworkModeKind.Networks || !AttachmentRules.SaysHow(attachment),
                "InvalidNetwork",
                $"'{first}' is taken as it is: it has no place for an address, an alias or a link of the container's.",
                first,
                "Name the network alone.");
        }

        var twice = spec.Networks.GroupBy(attachment => attachment.InterfaceName).FirstOrDefault(group => group.Key is not null && group.Count() > 1);
        Require(twice is null, "InvalidInterfaceName", $"Two networks are to have the link '{twice?.Key}' inside.", twice?.Key, "Give each a name of its own.");
        PortRules.Check(spec.Ports);
        Require(
            network.Kind == NetworkModeKind.Networks || (spec.Ports.Count == 0 && !spec.PublishAll),
            "PublishNeedsBridge",
            $"With the network '{first}' no ports are published.",
            first,
            network.IsHost ? "On the host's network they are reached as they are." : "Connect the container to a bridge network.");
        Require(
            network.Kind != NetworkModeKind.Container || (spec.HostName is null && spec.ExtraHosts.Count == 0 && spec.Dns.Count == 0 && spec.DnsOptions.Count == 0 && spec.DnsSearch is null),
            "InvalidNetwork",
            "A container that uses another's network has that one's host name, hosts and name servers.",
            first,
            "Leave -HostName, -ExtraHost and -Dns… out.");
        foreach (var server in spec.Dns)
        {
            Require(IPAddress.TryParse(server, out _), "InvalidDns", $"'{server}' is no IP address of a name server.", server, "Give addresses, such as 192.0.2.53.");
        }

        foreach (var word in spec.DnsOptions.Concat(spec.DnsSearch ?? []))
        {
            Require(word.Length > 0 && !word.Any(character => char.IsWhiteSpace(character) || char.IsControl(character)), "InvalidDns", $"'{word}' cannot stand in resolv.conf.", word, "Give one word, without blanks.");
        }

        foreach (var (name, address) in spec.ExtraHosts)
        {
            Require(HostNames.IsValid(name), "InvalidExtraHost", $"'{name}' is not a host name.", name, "Use letters, digits, '-', '_' and '.', at most 63 characters between dots.");
            Require(address == "host-gateway" || IPAddress.TryParse(address, out _), "InvalidExtraHost", $"'{address}' is no IP address for '{name}'.", address, "Give an address, or host-gateway.");
        }
    }

    private static void CheckMounts(ContainerSpec spec)
    {
        foreach (var path in spec.Tmpfs.Keys.Concat(spec.Mounts.Select(mount => mount.Destination)))
        {
            Require(path.StartsWith('/') && path.Trim('/').Length > 0, "InvalidMountDestination", $"'{path}' cannot be a mount destination.", path, "Give an absolute path below '/'.");
        }

        var twice = spec.Tmpfs.Keys.Concat(spec.Mounts.Select(mount => mount.Destination)).GroupBy(path => path.TrimEnd('/')).FirstOrDefault(group => group.Count() > 1);
        Require(twice is null, "InvalidMountDestination", $"'{twice?.Key}' is the destination of two mounts.", twice?.Key, "Give each mount a destination of its own.");
        foreach (var mount in spec.Mounts)
        {
            Require(mount.Source.StartsWith('/'), "InvalidMountSource", $"'{mount.Source}' is not an absolute path on the host.", mount.Source, "Give the full path.");
            Require(
                Path.Exists(mount.Source), "MountSourceNotFound", $"'{mount.Source}' does not exist on the host.", mount.Source, "Make it first; a missing source is never made by the engine.", ErrorKind.NotFound);
        }
    }

    private static void Require(bool rule, string code, string message, object? target, string mend, ErrorKind kind = ErrorKind.InvalidArgument)
    {
        if (!rule)
        {
            throw new ContainerToolsException(kind, code, message, target, mend);
        }
    }

    [GeneratedRegex(@"^\d+(-\d+)?(,\d+(-\d+)?)*$")]
    private static partial Regex CpuList();

    [GeneratedRegex(@"^(?=.{1,63}$)[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$")]
    private static partial Regex HostName();
}
