namespace ContainerTools.Linux.Namespaces;

/// <summary>Flags of clone3(2), unshare(2) and setns(2).</summary>
[Flags]
public enum CloneFlags : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Return a process descriptor.</summary>
    Pidfd = 0x1000,

    /// <summary>Mount namespace.</summary>
    NewMount = 0x20000,

    /// <summary>Cgroup namespace.</summary>
    NewCgroup = 0x2000000,

    /// <summary>Host and domain name namespace.</summary>
    NewUts = 0x4000000,

    /// <summary>System V IPC and POSIX message queue namespace.</summary>
    NewIpc = 0x8000000,

    /// <summary>User namespace.</summary>
    NewUser = 0x10000000,

    /// <summary>Process id namespace.</summary>
    NewPid = 0x20000000,

    /// <summary>Network namespace.</summary>
    NewNetwork = 0x40000000,

    /// <summary>Signal handlers become the default action.</summary>
    ClearSignalHandlers = 0x1_0000_0000,

    /// <summary>Start in a cgroup (v2).</summary>
    IntoCgroup = 0x2_0000_0000,
}
