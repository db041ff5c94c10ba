using System.Globalization;
using ContainerTools.Linux.Capabilities;
using ContainerTools.Linux.Starting;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Planning;

/// <summary>
/// Plans what makes a process the container's own, from its limits to the execution of its program. All by raw system calls: the C library's
/// functions for users and groups would look for threads that the child does not have.
/// </summary>
internal sealed class IdentityPlanner(OperationList operations, ProcessSection process, StartFacts facts, ProgramParent parent)
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const long NotDumpable = 4;
    private const long KeepCapabilities = 8;
    private const long DropFromBounding = 24;
    private const long NoNewPrivileges = 38;
    private const long Ambient = 47;
    private const long SetName = 15;
    private const string InitName = "container-init";
    private const long SetSignalMask = 2;
    private const int CurrentDirectoryScratch = 4096;
    private const int SignalCount = 64;

    /// <summary>Where standard input, output and error go.</summary>
    public void ConnectStreams()
    {
        // EINVAL: the descriptor is already there.
        operations.AddTolerant("connect standard input", null, [Errno.Invalid], SystemCall.Dup3, Operand.Slot(PresetSlot.StandardInput), 0, 0);
        operations.AddTolerant("connect standard output", null, [Errno.Invalid], SystemCall.Dup3, Operand.Slot(PresetSlot.StandardOutput), 1, 0);
        operations.AddTolerant("connect standard error", null, [Errno.Invalid], SystemCall.Dup3, Operand.Slot(PresetSlot.StandardError), 2, 0);
    }

    /// <summary>oom_score_adj, while the host's procfs is still in reach.</summary>
    public void SetOutOfMemoryScore()
    {
        if (process.OomScoreAdj is not { } score)
        {
            return;
        }

        if (score is < -1000 or > 1000)
        {
            throw new FormatException($"process.oomScoreAdj is {score}; it must lie between -1000 and 1000.");
        }

        const string path = "/proc/self/oom_score_adj";
        string purpose = $"set oom_score_adj to {score}";
        int file = operations.AddWithResult(purpose, path, SystemCall.OpenAt, RootTree.WorkingDirectory, path, PlanBuffer.WriteOnly | PlanBuffer.CloseOnExec, 0);
        Operand text = Operand.Text(score.ToString(CultureInfo.InvariantCulture));
        operations.Add(purpose, path, SystemCall.Write, Operand.Slot(file), text, text.Data!.Length - 1);
        operations.Add(purpose, path, SystemCall.Close, Operand.Slot(file));
    }

    /// <summary>Everything from limits to exec; returns the index of the first operation that executes.</summary>
    public int BecomeProgram()
    {
        foreach (ResourceLimit limit in process.Rlimits)
        {
            if (limit.Soft > limit.Hard)
            {
                throw new FormatException($"{limit.Type}: the soft limit {limit.Soft} is above the hard limit {limit.Hard}.");
            }

            operations.Add($"set {limit.Type} to {limit.Soft}:{limit.Hard}", limit.Type, SystemCall.Prlimit, 0, ResourceLimitNames.ToNumber(limit.Type), PlanBuffer.Limit(limit.Soft, limit.Hard), 0);
        }

        if (!process.NoNewPrivileges)
        {
            // Without no_new_privs a filter needs CAP_SYS_ADMIN, so it goes in before capabilities go away.
            LoadFilter();
        }

        EnterWorkingDirectory();
        ulong? initCapabilities = ChangeIdentity();
        operations.Add("set the file mode creation mask", null, SystemCall.Umask, process.User.Umask ?? 18);
        ResetSignals();
        ForgetHost();
        if (process.NoNewPrivileges)
        {
            operations.Add("set no_new_privs", null, SystemCall.Prctl, NoNewPrivileges, 1, 0, 0, 0);
            LoadFilter();
        }

        HandOver(initCapabilities);
        int start = operations.Operations.Count;
        Execute();
        return start;
    }

    private void LoadFilter()
    {
        if (facts.SeccompFilter is { } filter)
        {
            operations.Add("load the system call filter", null, SystemCall.Seccomp, 1, facts.SeccompFlags, Operand.Filter(filter));
        }
    }

    private void EnterWorkingDirectory()
    {
        string directory = process.Cwd;
        if (!directory.StartsWith('/'))
        {
            throw new FormatException($"process.cwd is '{directory}'; it must be an absolute path.");
        }

        // Every descriptor of the host goes before the directory is entered, so that /proc/self/fd leads nowhere; and the kernel then says
        // whether the directory lies below the root ("(unreachable)" in front when not).
        const string purpose = "close the runtime's descriptors";
        operations.AddTolerant(purpose, null, [Errno.Invalid], SystemCall.CloseRange, 3, Operand.Slot(PresetSlot.BelowReport), 0);
        operations.Add(purpose, null, SystemCall.CloseRange, Operand.Slot(PresetSlot.AboveReport), 0xFFFFFFFFL, 0);
        operations.Add("enter the working directory", directory, SystemCall.Chdir, directory);
        operations.Add("find the working directory", directory, SystemCall.Getcwd, Operand.Scratch(CurrentDirectoryScratch), 4096);
        operations.Check("enter the working directory: it lies outside the container", directory, CurrentDirectoryScratch, 0xFF, '/', Errno.NotPermitted);
    }

    /// <summary>Returns the capabilities of an init where they differ: executing a program takes them from a user who is not root, and an init executes none.</summary>
    private ulong? ChangeIdentity()
    {
        ProcessUser user = process.User;
        CapabilitySets sets = process.Capabilities ?? new CapabilitySets();
        ulong known = facts.LastCapability >= 63 ? ulong.MaxValue : (1UL << (facts.LastCapability + 1)) - 1;
        ulong available = facts.AvailableCapabilities & known;
        ulong bounding = CapabilityNames.ToMask(sets.Bounding);
        ulong permitted = CapabilityNames.ToMask(sets.Permitted) & available;
        ulong effective = CapabilityNames.ToMask(sets.Effective) & permitted;
        ulong inheritable = CapabilityNames.ToMask(sets.Inheritable) & available & bounding;
        ulong ambient = CapabilityNames.ToMask(sets.Ambient) & permitted & inheritable;
        for (int number = 0; number <= facts.LastCapability; number++)
        {
            if ((bounding & (1UL << number)) == 0)
            {
                operations.Add($"drop {NameOf(number)} from the bounding set", null, SystemCall.Prctl, DropFromBounding, number, 0, 0, 0);
            }
        }

        operations.Add("keep capabilities while changing the user", null, SystemCall.Prctl, KeepCapabilities, 1, 0, 0, 0);
        operations.Add("set supplementary groups", null, SystemCall.Setgroups, user.AdditionalGids.Count, PlanBuffer.HalfWords([.. user.AdditionalGids]));
        operations.Add($"change to group {user.Gid}", null, SystemCall.Setresgid, user.Gid, user.Gid, user.Gid);
        operations.Add($"change to user {user.Uid}", null, SystemCall.Setresuid, user.Uid, user.Uid, user.Uid);
        operations.Add("stop keeping capabilities", null, SystemCall.Prctl, KeepCapabilities, 0, 0, 0, 0);
        operations.Add(
            "set capabilities",
            null,
            SystemCall.Capset,
            PlanBuffer.HalfWords(0x20080522, 0),
            PlanBuffer.HalfWords((uint)effective, (uint)permitted, (uint)inheritable, (uint)(effective >> 32), (uint)(permitted >> 32), (uint)(inheritable >> 32)));

        // A change of identity sets the flag to fs.suid_dumpable, which may open this process to others of the same user.
        operations.Add("hide the runtime from the container", null, SystemCall.Prctl, NotDumpable, 0, 0, 0, 0);
        operations.Add("clear ambient capabilities", null, SystemCall.Prctl, Ambient, 4, 0, 0, 0);
        for (int number = 0; number <= facts.LastCapability; number++)
        {
            if ((ambient & (1UL << number)) != 0)
            {
                operations.Add($"raise {NameOf(number)} in the ambient set", null, SystemCall.Prctl, Ambient, 2, number, 0, 0);
            }
        }

        return user.Uid == 0 || permitted == ambient ? null : ambient;
    }

    private void ResetSignals()
    {
        const int kill = 9;
        const int stop = 19;
        Operand defaults = PlanBuffer.Words(0, 0, 0, 0);
        for (int signal = 1; signal <= SignalCount; signal++)
        {
            if (signal is not (kill or stop))
            {
                operations.Add("reset signals", null, SystemCall.Sigaction, signal, defaults, 0, 8);
            }
        }

        // An init keeps signals blocked and asks for them one by one.
        operations.Add("set the signal mask", null, SystemCall.Sigprocmask, SetSignalMask, PlanBuffer.Words(parent == ProgramParent.Init ? ulong.MaxValue : 0), 0, 8);
    }

    private void ForgetHost()
    {
        if (parent == ProgramParent.Runtime)
        {
            return;
        }

        const string purpose = "hide the runtime from the container";
        operations.ForgetHost(purpose, facts.Memory, InitName);
        operations.Add(purpose, null, SystemCall.Prctl, SetName, InitName, 0, 0, 0);
    }

    private void HandOver(ulong? initCapabilities)
    {
        switch (parent)
        {
            case ProgramParent.Init:
                operations.GoOnUnderInit("start the program as a child of the container's init", initCapabilities);
                operations.Add("reset the signal mask", null, SystemCall.Sigprocmask, SetSignalMask, PlanBuffer.Words(0), 0, 8);
                break;
            case ProgramParent.RuntimeAfterPreparation:
                operations.GoOnInSibling("enter the container's pid namespace");
                break;
            default:
                return;
        }

        // EPERM: a system call filter of the user's own may forbid it.
        operations.AddTolerant("start a session", null, [Errno.NotPermitted], SystemCall.Setsid);
    }

    private void Execute()
    {
        string program = process.Args[0];
        Operand arguments = Operand.Strings(process.Args);
        Operand environment = Operand.Strings(process.Env);
        if (program.Contains('/', StringComparison.Ordinal))
        {
            operations.Add($"execute {program}", program, SystemCall.Execve, program, arguments, environment);
            return;
        }

        // As execvp(3): the last refusal counts more than all that was not found.
        int errno = operations.NewSlot(Errno.NoEntry);
        string path = process.Env.LastOrDefault(variable => variable.StartsWith("PATH=", StringComparison.Ordinal))?[5..] ?? DefaultPath;
        foreach (string directory in path.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            string candidate = $"{directory.TrimEnd('/')}/{program}";
            operations.Append(new Operation
            {
                Call = SystemCall.Execve,
                Arguments = [candidate, arguments, environment],
                Purpose = $"execute {candidate}",
                Path = candidate,
                Tolerated = [Errno.AccessDenied, Errno.NoEntry, Errno.NotDirectory],
                ErrorSlot = errno,
            });
        }

        operations.Add($"find {program} in PATH ({path})", program, SystemCall.Fail, Operand.Slot(errno));
    }

    private static string NameOf(int number) =>
        number < CapabilityNames.All.Count ? CapabilityNames.All[number] : number.ToString(CultureInfo.InvariantCulture);
}
