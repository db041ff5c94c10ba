namespace ContainerTools.Linux.Cgroups;

/// <summary>What a cgroup uses.</summary>
/// <param name="Cpu">Processor time used so far.</param>
/// <param name="Memory">Bytes of memory in use.</param>
/// <param name="Pids">Processes and threads.</param>
public sealed record CgroupUsage(TimeSpan Cpu, long Memory, long Pids);
