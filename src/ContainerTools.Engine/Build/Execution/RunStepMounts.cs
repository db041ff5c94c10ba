namespace ContainerTools.Engine.Build.Execution;

/// <summary>The places that every container gets something mounted on.</summary>
internal static class RunStepMounts
{
    public static readonly IReadOnlyList<string> SystemPaths =
    [
        "/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf",
    ];
}
