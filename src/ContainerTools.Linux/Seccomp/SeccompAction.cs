namespace ContainerTools.Linux.Seccomp;

/// <summary>What the kernel does with a system call (seccomp(2), SECCOMP_RET_*).</summary>
public enum SeccompAction
{
    /// <summary>Run it.</summary>
    Allow,

    /// <summary>Fail it with an errno.</summary>
    Errno,

    /// <summary>Run it and log it.</summary>
    Log,

    /// <summary>Send SIGSYS.</summary>
    Trap,

    /// <summary>Tell a tracer; ENOSYS when there is none.</summary>
    Trace,

    /// <summary>Kill the calling thread.</summary>
    KillThread,

    /// <summary>Kill the process.</summary>
    KillProcess,
}
