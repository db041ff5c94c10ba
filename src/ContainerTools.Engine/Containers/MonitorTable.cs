using System.Globalization;
using System.Text;
using ContainerTools.Linux.Processes;

namespace ContainerTools.Engine.Containers;

/// <summary>Finds monitors by their command line (proc_pid_cmdline(5)): also those that were cut off before they could write their state.</summary>
internal static class MonitorTable
{
    /// <summary>Living monitors of a bundle.</summary>
    public static IReadOnlyList<(int Pid, ulong StartTime)> Find(string bundleDirectory)
    {
        var ending = Encoding.UTF8.GetBytes($"\0monitor\0--bundle\0{bundleDirectory}\0");
        return
        [
            .. from directory in Directory.EnumerateDirectories("/proc")
               let name = Path.GetFileName(directory)
               where char.IsAsciiDigit(name[0])
               where HasEnding(directory, ending)
               let pid = int.Parse(name, CultureInfo.InvariantCulture)
               let stat = ProcessStat.Read(pid)
               where stat is not null
               select (pid, stat.Value.StartTime),
        ];
    }

    private static bool HasEnding(string directory, byte[] ending)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(directory, "cmdline")).AsSpan().EndsWith(ending);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended while it was being read.
            return false;
        }
    }
}
