using System.Globalization;
using System.Runtime.InteropServices;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Host;

/// <summary>What this host is.</summary>
internal static class HostFacts
{
    public static EngineInfo Describe(StorePaths paths, string runtimePath) => new()
    {
        Version = typeof(HostFacts).Assembly.GetName().Version!.ToString(3),
        Root = paths.Root,
        Run = paths.Run,
        RuntimePath = runtimePath,
        KernelVersion = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        OperatingSystem = PrettyName(),
        Architecture = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => "amd64", Architecture.Arm64 => "arm64", var other => other.ToString().ToLowerInvariant() },
        Cpus = Environment.ProcessorCount,
        MemoryTotal = MemoryTotal(),
        CgroupVersion = CgroupVersion(),
    };

    /// <summary><c>v1</c>, <c>v2</c>, <c>hybrid</c> or <c>none</c>, by what is mounted.</summary>
    public static string CgroupVersion()
    {
        var types = File.ReadLines("/proc/self/mountinfo")
            .Select(line => line[(line.IndexOf(" - ", StringComparison.Ordinal) + 3)..].Split(' ')[0])
            .ToHashSet();
        return (types.Contains("cgroup"), types.Contains("cgroup2")) switch
        {
            (true, true) => "hybrid",
            (true, false) => "v1",
            (false, true) => "v2",
            _ => "none",
        };
    }

    private static string PrettyName()
    {
        const string file = "/etc/os-release";
        const string key = "PRETTY_NAME=";
        return (File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) : null)?[key.Length..].Trim('"')
            ?? RuntimeInformation.OSDescription;
    }

    private static long MemoryTotal()
    {
        var fields = File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[1], CultureInfo.InvariantCulture) * 1024;
    }
}
