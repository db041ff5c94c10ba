namespace ContainerTools.Engine.Storage;

/// <summary>The kernel's name for the time since this machine was started (proc_sys_kernel(5)): what was only in memory is lost when it changes.</summary>
internal static class BootId
{
    public static string Current { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
