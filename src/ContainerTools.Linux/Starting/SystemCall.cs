namespace ContainerTools.Linux.Starting;

/// <summary>A system call that a start operation can make. The value holds its number on x86-64 (low half) and on arm64 (high half).</summary>
public enum SystemCall : uint
{
    /// <summary>No call: compares memory; see <see cref="OperationList.Check"/>.</summary>
    Check = 0xFFFF_FFFF,

    /// <summary>No call: fails with an errno.</summary>
    Fail = 0xFFFE_FFFE,

    /// <summary>No call: overwrites memory; see <see cref="OperationList.ForgetHost"/>.</summary>
    Overwrite = 0xFFFD_FFFD,

    /// <summary>No single call: goes on in a child and stays behind as its init; see <see cref="OperationList.GoOnUnderInit"/>.</summary>
    GoOnUnderInit = 0xFFFC_FFFC,

    /// <summary>No single call: goes on in another child of the parent; see <see cref="OperationList.GoOnInSibling"/>.</summary>
    GoOnInSibling = 0xFFFB_FFFB,

    /// <summary>read(2).</summary>
    Read = 0 | (63 << 16),

    /// <summary>write(2).</summary>
    Write = 1 | (64 << 16),

    /// <summary>openat(2).</summary>
    OpenAt = 257 | (56 << 16),

    /// <summary>close(2).</summary>
    Close = 3 | (57 << 16),

    /// <summary>dup3(2).</summary>
    Dup3 = 292 | (24 << 16),

    /// <summary>fcntl(2).</summary>
    Fcntl = 72 | (25 << 16),

    /// <summary>mount(2).</summary>
    Mount = 165 | (40 << 16),

    /// <summary>umount2(2).</summary>
    Umount2 = 166 | (39 << 16),

    /// <summary>pivot_root(2).</summary>
    PivotRoot = 155 | (41 << 16),

    /// <summary>chdir(2).</summary>
    Chdir = 80 | (49 << 16),

    /// <summary>fchdir(2).</summary>
    Fchdir = 81 | (50 << 16),

    /// <summary>mkdirat(2).</summary>
    MkdirAt = 258 | (34 << 16),

    /// <summary>mknodat(2).</summary>
    MknodAt = 259 | (33 << 16),

    /// <summary>symlinkat(2).</summary>
    SymlinkAt = 266 | (36 << 16),

    /// <summary>unlinkat(2).</summary>
    UnlinkAt = 263 | (35 << 16),

    /// <summary>fchmodat(2).</summary>
    FchmodAt = 268 | (53 << 16),

    /// <summary>fchownat(2).</summary>
    FchownAt = 260 | (54 << 16),

    /// <summary>fstatfs(2).</summary>
    Fstatfs = 138 | (44 << 16),

    /// <summary>statx(2).</summary>
    Statx = 332 | (291 << 16),

    /// <summary>setns(2).</summary>
    Setns = 308 | (268 << 16),

    /// <summary>unshare(2).</summary>
    Unshare = 272 | (97 << 16),

    /// <summary>clone3(2).</summary>
    Clone3 = 435 | (435 << 16),

    /// <summary>execve(2).</summary>
    Execve = 59 | (221 << 16),

    /// <summary>exit_group(2).</summary>
    ExitGroup = 231 | (94 << 16),

    /// <summary>prctl(2).</summary>
    Prctl = 157 | (167 << 16),

    /// <summary>capset(2).</summary>
    Capset = 126 | (91 << 16),

    /// <summary>capget(2).</summary>
    Capget = 125 | (90 << 16),

    /// <summary>memfd_create(2).</summary>
    MemfdCreate = 319 | (279 << 16),

    /// <summary>execveat(2).</summary>
    ExecveAt = 322 | (281 << 16),

    /// <summary>setgroups(2).</summary>
    Setgroups = 116 | (159 << 16),

    /// <summary>setresuid(2).</summary>
    Setresuid = 117 | (147 << 16),

    /// <summary>setresgid(2).</summary>
    Setresgid = 119 | (149 << 16),

    /// <summary>prlimit(2).</summary>
    Prlimit = 302 | (261 << 16),

    /// <summary>umask(2).</summary>
    Umask = 95 | (166 << 16),

    /// <summary>sethostname(2).</summary>
    Sethostname = 170 | (161 << 16),

    /// <summary>setdomainname(2).</summary>
    Setdomainname = 171 | (162 << 16),

    /// <summary>setsid(2).</summary>
    Setsid = 112 | (157 << 16),

    /// <summary>sigaction(2).</summary>
    Sigaction = 13 | (134 << 16),

    /// <summary>sigprocmask(2).</summary>
    Sigprocmask = 14 | (135 << 16),

    /// <summary>close_range(2).</summary>
    CloseRange = 436 | (436 << 16),

    /// <summary>openat2(2).</summary>
    OpenAt2 = 437 | (437 << 16),

    /// <summary>open_tree(2).</summary>
    OpenTree = 428 | (428 << 16),

    /// <summary>move_mount(2).</summary>
    MoveMount = 429 | (429 << 16),

    /// <summary>fsopen(2).</summary>
    Fsopen = 430 | (430 << 16),

    /// <summary>fsconfig(2).</summary>
    Fsconfig = 431 | (431 << 16),

    /// <summary>fsmount(2).</summary>
    Fsmount = 432 | (432 << 16),

    /// <summary>mount_setattr(2).</summary>
    MountSetattr = 442 | (442 << 16),

    /// <summary>seccomp(2).</summary>
    Seccomp = 317 | (277 << 16),

    /// <summary>getcwd(2).</summary>
    Getcwd = 79 | (17 << 16),

    /// <summary>ioctl(2).</summary>
    Ioctl = 16 | (29 << 16),

    /// <summary>getpid(2).</summary>
    Getpid = 39 | (172 << 16),

    /// <summary>pidfd_send_signal(2).</summary>
    PidfdSendSignal = 424 | (424 << 16),

    /// <summary>pidfd_open(2).</summary>
    PidfdOpen = 434 | (434 << 16),

    /// <summary>waitid(2).</summary>
    Waitid = 247 | (95 << 16),

    /// <summary>clone(2).</summary>
    Clone = 56 | (220 << 16),

    /// <summary>wait4(2).</summary>
    Wait4 = 61 | (260 << 16),

    /// <summary>sigtimedwait(2).</summary>
    Sigtimedwait = 128 | (137 << 16),

    /// <summary>kill(2).</summary>
    Kill = 62 | (129 << 16),

    /// <summary>signalfd4(2).</summary>
    Signalfd = 289 | (74 << 16),

    /// <summary>madvise(2).</summary>
    Madvise = 28 | (233 << 16),
}
