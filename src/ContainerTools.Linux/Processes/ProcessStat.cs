using System.Globalization;

namespace ContainerTools.Linux.Processes;

/// <summary>What <c>/proc/PID/stat</c> says of a process (proc_pid_stat(5)).</summary>
/// <param name="Pid">Process id.</param>
/// <param name="State">One-letter state: R, S, D, Z, T, …</param>
/// <param name="ParentPid">Parent's process id.</param>
/// <param name="CpuTicks">User and system time in clock ticks.</param>
/// <param name="StartTime">Start time in clock ticks since boot; with the pid it names one process for ever.</param>
/// <param name="ResidentPages">Resident pages.</param>
public readonly record struct ProcessStat(int Pid, char State, int ParentPid, ulong CpuTicks, ulong StartTime, long ResidentPages)
{
    private const uint ForkedWithoutExecution = 0x40;

    /// <summary>Forked, and has executed no program since (PF_FORKNOEXEC of <c>include/linux/sched.h</c>); also told of a zombie.</summary>
    public bool HasNotExecuted { get; private init; }

    /// <summary>Reads a process; null when there is none of that id.</summary>
    public static ProcessStat? Read(int pid)
    {
        try
        {
            return Parse(pid, File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (IOException)
        {
            // Gone: ENOENT before, ESRCH while it is being read.
            return null;
        }
    }

    /// <summary>True when a process of that id and start time lives; a zombie does not.</summary>
    public static bool IsAlive(int pid, ulong startTime) =>
        pid > 0 && Read(pid) is { } stat && stat.StartTime == startTime && stat.State is not ('Z' or 'X');

    internal static ProcessStat? Parse(int pid, string text)
    {
        // The command name may hold spaces and parentheses: fields are counted from the last parenthesis.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Length < 22
            ? null
            : new ProcessStat(
                pid,
                fields[0][0],
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                ulong.Parse(fields[11], CultureInfo.InvariantCulture) + ulong.Parse(fields[12], CultureInfo.InvariantCulture),
                ulong.Parse(fields[19], CultureInfo.InvariantCulture),
                long.Parse(fields[21], CultureInfo.InvariantCulture))
            {
                HasNotExecuted = (uint.Parse(fields[6], CultureInfo.InvariantCulture) & ForkedWithoutExecution) != 0,
            };
    }
}
