namespace ContainerTools.Linux.Seccomp;

/// <summary>The filter containers get unless they ask for another: what Docker's default allows, without io_uring and with AF_VSOCK refused for every spelling of it.</summary>
public static class SeccompDefaultProfile
{
    // CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
    private const ulong NamespaceFlags = 0x7e020000;
    private const ulong AddressFamilyVsock = 40;
    private const int Enosys = 38;

    private static readonly ulong[] Personalities = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff];

    // What a capability opens, as Docker maps it.
    private static readonly (string Capability, string Calls)[] ByCapability =
    [
        ("CAP_DAC_READ_SEARCH", "open_by_handle_at"),
        ("CAP_SYS_ADMIN", "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick listmount lookup_dcookie lsm_get_self_attr lsm_list_modules lsm_set_self_attr mount mount_setattr move_mount open_tree open_tree_attr perf_event_open quotactl quotactl_fd setdomainname sethostname setns statmount syslog umount umount2 unshare"),
        ("CAP_SYS_BOOT", "reboot"),
        ("CAP_SYS_CHROOT", "chroot"),
        ("CAP_SYS_MODULE", "delete_module finit_module init_module"),
        ("CAP_SYS_PACCT", "acct"),
        ("CAP_SYS_PTRACE", "kcmp pidfd_getfd process_madvise"),
        ("CAP_SYS_RAWIO", "ioperm iopl"),
        ("CAP_SYS_TIME", "clock_settime settimeofday"),
        ("CAP_SYS_TTY_CONFIG", "vhangup"),
        ("CAP_SYS_NICE", "get_mempolicy mbind set_mempolicy set_mempolicy_home_node"),
        ("CAP_SYSLOG", "syslog"),
        ("CAP_BPF", "bpf"),
        ("CAP_PERFMON", "perf_event_open"),
    ];

    private static readonly string[] Unconditional = (
        "accept accept4 access adjtimex alarm arch_prctl bind brk cachestat capget capset chdir chmod chown clock_adjtime clock_getres clock_gettime clock_nanosleep close close_range connect copy_file_range " +
        "creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2 " +
        "fadvise64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstatfs fsync ftruncate futex " +
        "futex_requeue futex_wait futex_waitv futex_wake futimesat getcpu getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid getppid getpriority " +
        "getrandom getresgid getresuid getrlimit get_robust_list getrusage getsid getsockname getsockopt get_thread_area gettid gettimeofday getuid getxattr getxattrat inotify_add_watch inotify_init " +
        "inotify_init1 inotify_rm_watch io_cancel ioctl io_destroy io_getevents io_pgetevents ioprio_get ioprio_set io_setup io_submit kill landlock_add_rule landlock_create_ruleset " +
        "landlock_restrict_self lchown lgetxattr link linkat listen listxattr listxattrat llistxattr lremovexattr lseek lsetxattr lstat madvise map_shadow_stack membarrier memfd_create memfd_secret " +
        "mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap modify_ldt mprotect mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink mremap mseal msgctl msgget msgrcv " +
        "msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll prctl " +
        "pread64 preadv preadv2 prlimit64 process_mrelease process_vm_readv process_vm_writev pselect6 ptrace pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv recvfrom recvmmsg recvmsg " +
        "remap_file_pages removexattr removexattrat rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend " +
        "rt_sigtimedwait rt_tgsigqueueinfo sched_getaffinity sched_getattr sched_getparam sched_get_priority_max sched_get_priority_min sched_getscheduler sched_rr_get_interval sched_setaffinity " +
        "sched_setattr sched_setparam sched_setscheduler sched_yield seccomp select semctl semget semop semtimedop sendfile sendmmsg sendmsg sendto setfsgid setfsuid setgid setgroups setitimer setpgid " +
        "setpriority setregid setresgid setresuid setreuid setrlimit set_robust_list setsid setsockopt set_thread_area set_tid_address setuid setxattr setxattrat shmat shmctl shmdt shmget shutdown " +
        "sigaltstack signalfd signalfd4 socketpair splice stat statfs statx symlink symlinkat sync sync_file_range syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun " +
        "timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times tkill truncate umask uname unlink unlinkat utime utimensat utimes vfork vmsplice wait4 waitid write writev").Split(' ');

    /// <summary>The profile for a process that has these capabilities (names such as <c>CAP_SYS_ADMIN</c>) in its bounding set.</summary>
    public static SeccompProfile Create(IEnumerable<string> capabilities)
    {
        var held = capabilities as IReadOnlySet<string> ?? capabilities.ToHashSet(StringComparer.Ordinal);
        var rules = new List<SeccompRule>(16)
        {
            new() { Names = Unconditional },

            // Two ranges instead of "not 40": the kernel looks at the lower half of the argument only, so 2^32 + 40 must not slip through.
            new() { Names = ["socket"], Arguments = [new(0, SeccompComparison.Less, AddressFamilyVsock)] },
            new() { Names = ["socket"], Arguments = [new(0, SeccompComparison.Greater, AddressFamilyVsock), new(0, SeccompComparison.LessOrEqual, uint.MaxValue)] },
        };
        foreach (var personality in Personalities)
        {
            rules.Add(new() { Names = ["personality"], Arguments = [new(0, SeccompComparison.Equal, personality)] });
        }

        if (!held.Contains("CAP_SYS_ADMIN"))
        {
            rules.Add(new() { Names = ["clone"], Arguments = [new(0, SeccompComparison.MaskedEqual, NamespaceFlags)] });

            // Its flags lie in memory, out of a filter's sight; with ENOSYS the C library takes clone.
            rules.Add(new() { Names = ["clone3"], Action = SeccompAction.Errno, Errno = Enosys });
        }

        foreach (var (capability, calls) in ByCapability)
        {
            if (held.Contains(capability))
            {
                rules.Add(new() { Names = calls.Split(' ') });
            }
        }

        return new SeccompProfile { Rules = rules };
    }
}
