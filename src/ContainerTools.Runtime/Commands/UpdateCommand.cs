using System.Text.Json;
using ContainerTools.Linux.Cgroups;
using ContainerTools.Oci.RuntimeSpec;
using ContainerTools.Runtime.Launching;

namespace ContainerTools.Runtime.Commands;

/// <summary><c>update</c>: changes the limits of a container.</summary>
internal static class UpdateCommand
{
    private static readonly string[] Valued =
    [
        "--resources", "--memory", "--memory-swap", "--memory-reservation", "--cpu-share", "--cpu-shares", "--cpu-quota", "--cpu-period", "--cpuset-cpus", "--cpuset-mems", "--pids-limit",
    ];

    public static int Run(GlobalOptions global, ReadOnlySpan<string> arguments)
    {
        CommandLine line = CommandLine.Parse(arguments, [], Valued);
        ExistingContainer container = ExistingContainer.Find(global.StateRoot, line.Single("container id"));
        CgroupResources resources = line.Value("--resources") is { } file
            ? CgroupMapping.ToResources(JsonSerializer.Deserialize(File.ReadAllBytes(file), RuntimeSpecJson.Default.LinuxResources), [])
            : new CgroupResources();
        resources = resources with
        {
            Memory = line.Number("--memory") ?? resources.Memory,
            MemorySwap = line.Number("--memory-swap") ?? resources.MemorySwap,
            MemoryReservation = line.Number("--memory-reservation") ?? resources.MemoryReservation,
            CpuShares = (ulong?)(line.Number("--cpu-share") ?? line.Number("--cpu-shares")) ?? resources.CpuShares,
            CpuQuota = line.Number("--cpu-quota") ?? resources.CpuQuota,
            CpuPeriod = (ulong?)line.Number("--cpu-period") ?? resources.CpuPeriod,
            CpusetCpus = line.Value("--cpuset-cpus") ?? resources.CpusetCpus,
            CpusetMems = line.Value("--cpuset-mems") ?? resources.CpusetMems,
            Pids = line.Number("--pids-limit") ?? resources.Pids,
            Devices = [],
        };
        LifecycleCommands.RequireCgroup(container).Update(resources);
        return 0;
    }
}
