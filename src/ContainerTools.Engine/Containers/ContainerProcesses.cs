using System.Globalization;
using ContainerTools.Linux.Processes;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Containers;

/// <summary>Lists a container's processes from its cgroup and from proc(5): no program of the container or the host is run for it.</summary>
internal static class ContainerProcesses
{
    private const double TicksPerSecond = 100; // sysconf(_SC_CLK_TCK) is 100 on every Linux that .NET supports.

    public static IReadOnlyList<ContainerProcess> Read(string container, ContainerRuntimeState runtime)
    {
        var boot = BootTime();
        return [.. Pids(runtime).Select(pid => Read(container, pid, boot)).OfType<ContainerProcess>().OrderBy(process => process.Pid)];
    }

    private static List<int> Pids(ContainerRuntimeState runtime)
    {
        foreach (var cgroup in runtime.Cgroups)
        {
            var file = Path.Combine(cgroup, "cgroup.procs");
            if (File.Exists(file))
            {
                return [.. File.ReadLines(file).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Distinct()];
            }
        }

        return [runtime.Pid];
    }

    private static ContainerProcess? Read(string container, int hostPid, DateTimeOffset boot)
    {
        if (ProcessStat.Read(hostPid) is not { } stat)
        {
            return null;
        }

        try
        {
            var status = File.ReadLines($"/proc/{hostPid}/status").Select(line => line.Split('\t', StringSplitOptions.RemoveEmptyEntries)).ToLookup(fields => fields[0], fields => fields[1..]);
            var words = File.ReadAllText($"/proc/{hostPid}/cmdline").TrimEnd('\0').Replace('\0', ' ');
            return new ContainerProcess
            {
                Container = container,
                HostPid = hostPid,
                Pid = int.Parse(status["NSpid:"].First()[^1], CultureInfo.InvariantCulture),
                ParentHostPid = stat.ParentPid,
                UserId = long.Parse(status["Uid:"].First()[0], CultureInfo.InvariantCulture),
                CpuTime = TimeSpan.FromSeconds(stat.CpuTicks / TicksPerSecond),
                WorkingSet = stat.ResidentPages * Environment.SystemPageSize,
                Started = boot + TimeSpan.FromSeconds(stat.StartTime / TicksPerSecond),
                State = stat.State,
                CommandLine = words.Length > 0 ? words : $"[{status["Name:"].First()[0]}]",
            };
        }
        catch (IOException)
        {
            // It ended while it was being read.
            return null;
        }
    }

    private static DateTimeOffset BootTime()
    {
        var line = File.ReadLines("/proc/stat").First(text => text.StartsWith("btime ", StringComparison.Ordinal));
        return DateTimeOffset.FromUnixTimeSeconds(long.Parse(line["btime ".Length..], CultureInfo.InvariantCulture));
    }
}
