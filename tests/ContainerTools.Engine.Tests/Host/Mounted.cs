namespace ContainerTools.Engine.Tests.Host;

/// <summary>What is mounted in this process's namespace (proc_pid_mountinfo(5)).</summary>
internal static class Mounted
{
    /// <summary>Mount points, in mount order; blanks in them stay escaped.</summary>
    public static IEnumerable<string> Points() => File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]);
}
