namespace ContainerTools.Engine.Containers;

/// <summary>Kernel files that a container must not see or change: Docker's default lists and what its advisories added.</summary>
internal static class SystemPaths
{
    /// <summary>Paths hidden behind an empty file or directory.</summary>
    public static readonly IReadOnlyList<string> Masked =
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
        "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
        .. ThermalThrottle(),
    ];

    /// <summary>Paths made read-only.</summary>
    public static readonly IReadOnlyList<string> ReadOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    // GHSA-6fw5-f8r9-fgfm: throttle counters are a power side channel.
    private static IEnumerable<string> ThermalThrottle() =>
        Enumerable.Range(0, Environment.ProcessorCount)
            .Select(cpu => $"/sys/devices/system/cpu/cpu{cpu}/thermal_throttle")
            .Where(Directory.Exists);
}
