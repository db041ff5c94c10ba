using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Starting;

/// <summary>Numbers and names of system calls on this machine's architecture.</summary>
public static class SystemCallNumber
{
    /// <summary>Number of a call; negative for the loop's own operations.</summary>
    public static int Of(SystemCall call) => call switch
    {
        SystemCall.Check => -1,
        SystemCall.Fail => -2,
        SystemCall.Overwrite => -3,
        SystemCall.GoOnUnderInit => -4,
        SystemCall.GoOnInSibling => -5,
        _ => RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => (int)((uint)call & 0xFFFF),
            Architecture.Arm64 => (int)((uint)call >> 16),
            var other => throw new PlatformNotSupportedException($"Containers can be started on x86-64 and arm64, not on {other}."),
        },
    };

    /// <summary>Name of a call as in its manual page.</summary>
    public static string Name(SystemCall call) => call switch
    {
        SystemCall.Read => "read",
        SystemCall.Write => "write",
        SystemCall.OpenAt => "openat",
        SystemCall.Close => "close",
        SystemCall.Dup3 => "dup3",
        SystemCall.Fcntl => "fcntl",
        SystemCall.Mount => "mount",
        SystemCall.Umount2 => "umount2",
        SystemCall.PivotRoot => "pivot_root",
        SystemCall.Chdir => "chdir",
        SystemCall.Fchdir => "fchdir",
        SystemCall.MkdirAt => "mkdirat",
        SystemCall.MknodAt => "mknodat",
        SystemCall.SymlinkAt => "symlinkat",
        SystemCall.UnlinkAt => "unlinkat",
        SystemCall.FchmodAt => "fchmodat",
        SystemCall.FchownAt => "fchownat",
        SystemCall.Fstatfs => "fstatfs",
        SystemCall.Statx => "statx",
        SystemCall.Setns => "setns",
        SystemCall.Unshare => "unshare",
        SystemCall.Clone3 => "clone3",
        SystemCall.Execve => "execve",
        SystemCall.ExitGroup => "exit_group",
        SystemCall.Prctl => "prctl",
        SystemCall.Capset => "capset",
        SystemCall.Capget => "capget",
        SystemCall.MemfdCreate => "memfd_create",
        SystemCall.ExecveAt => "execveat",
        SystemCall.Setgroups => "setgroups",
        SystemCall.Setresuid => "setresuid",
        SystemCall.Setresgid => "setresgid",
        SystemCall.Prlimit => "prlimit",
        SystemCall.Umask => "umask",
        SystemCall.Sethostname => "sethostname",
        SystemCall.Setdomainname => "setdomainname",
        SystemCall.Setsid => "setsid",
        SystemCall.Sigaction => "sigaction",
        SystemCall.Sigprocmask => "sigprocmask",
        SystemCall.CloseRange => "close_range",
        SystemCall.OpenAt2 => "openat2",
        SystemCall.OpenTree => "open_tree",
        SystemCall.MoveMount => "move_mount",
        SystemCall.Fsopen => "fsopen",
        SystemCall.Fsconfig => "fsconfig",
        SystemCall.Fsmount => "fsmount",
        SystemCall.MountSetattr => "mount_setattr",
        SystemCall.Seccomp => "seccomp",
        SystemCall.Getcwd => "getcwd",
        SystemCall.Ioctl => "ioctl",
        SystemCall.Getpid => "getpid",
        SystemCall.PidfdSendSignal => "pidfd_send_signal",
        SystemCall.PidfdOpen => "pidfd_open",
        SystemCall.Waitid => "waitid",
        SystemCall.Clone => "clone",
        SystemCall.Wait4 => "wait4",
        SystemCall.Sigtimedwait => "rt_sigtimedwait",
        SystemCall.Kill => "kill",
        SystemCall.Signalfd => "signalfd4",
        SystemCall.Madvise => "madvise",
        SystemCall.Check => "check",
        SystemCall.Fail => "fail",
        SystemCall.Overwrite => "overwrite",
        SystemCall.GoOnUnderInit or SystemCall.GoOnInSibling => "clone",
        _ => throw new ArgumentOutOfRangeException(nameof(call)),
    };
}
