using ContainerTools.Linux.Cgroups;

namespace ContainerTools.Engine.Tests.Host;

/// <summary>What operations on a store have left in the kernel and on disk.</summary>
internal static class Remains
{
    /// <summary>Mounts, processes and files of the store, and the cgroups of those containers; empty when all is clean.</summary>
    public static IReadOnlyList<string> Of(EngineOptions options, params IEnumerable<string> containers) =>
    [
        .. Mounts(options).Select(path => $"mount {path}"),
        .. Processes(options).Select(process => $"process {process}"),
        .. Cgroups(containers).Select(path => $"cgroup {path}"),
        .. new[] { Path.Combine(options.Root, "containers"), Path.Combine(options.Root, "work"), Path.Combine(options.Run, "containers") }
            .Where(Directory.Exists).SelectMany(Directory.EnumerateFileSystemEntries).Select(path => $"file {path}"),
    ];

    public static IEnumerable<string> Mounts(EngineOptions options) =>
        Mounted.Points().Where(path => path.StartsWith(options.Root + "/", StringComparison.Ordinal) || path.StartsWith(options.Run + "/", StringComparison.Ordinal));

    /// <summary>Runtime processes whose command line names the store.</summary>
    public static IEnumerable<string> Processes(EngineOptions options) =>
        from directory in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(directory), out _)
        let line = CommandLine(directory)
        where line.Split(' ')[0].EndsWith("ctrun", StringComparison.Ordinal) && (line.Contains(options.Root, StringComparison.Ordinal) || line.Contains(options.Run, StringComparison.Ordinal))
        select $"{Path.GetFileName(directory)} {line}";

    public static IEnumerable<string> Cgroups(IEnumerable<string> containers) =>
        from id in containers
        from hierarchy in CgroupHost.Detect().Hierarchies
        let path = Path.Combine(hierarchy.MountPoint, "containertools", id)
        where Directory.Exists(path)
        select path;

    private static string CommandLine(string directory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
