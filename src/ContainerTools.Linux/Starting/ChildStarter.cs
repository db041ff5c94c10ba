using System.Runtime.CompilerServices;
using ContainerTools.Linux.Namespaces;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Starting;

/// <summary>Clones a child that carries out an <see cref="OperationProgram"/>.</summary>
public static unsafe class ChildStarter
{
    private const int ChildSignal = 17;

    /// <summary>Clones. Only native code may: in a child of the just-in-time runtime the loop could wait for the compiler.</summary>
    /// <param name="program">What the child does.</param>
    /// <param name="namespaces">Namespaces to make.</param>
    /// <param name="cgroup">cgroup v2 directory to start in, or null; clone3 alone can.</param>
    /// <param name="maySuspend">The child may work in this process's memory, which stands still until the child executes or ends.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static StartedChild Start(OperationProgram program, CloneFlags namespaces, SafeFileHandle? cgroup, bool maySuspend)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new PlatformNotSupportedException("Containers are started by the native ctrun binary, never from a process of the just-in-time runtime.");
        }

        bool waits = maySuspend && cgroup is null;
        int pidfd = -1;
        ChildWork work = new()
        {
            Operations = program.Operations,
            Count = program.Count,
            Slots = program.Slots,
            Report = program.Report,
            WriteNumber = SystemCallNumber.Of(SystemCall.Write),
            ExitNumber = SystemCallNumber.Of(SystemCall.ExitGroup),
            MaskNumber = SystemCallNumber.Of(SystemCall.Sigprocmask),
        };
        long pid;
        if (waits)
        {
            pid = ChildLoop.CloneSharedAndRun((int)(namespaces | CloneFlags.Pidfd) | ChildSignal, &pidfd, &work);
        }
        else
        {
            CloneArguments clone = new()
            {
                Flags = (ulong)(namespaces | CloneFlags.Pidfd | CloneFlags.ClearSignalHandlers | (cgroup is null ? CloneFlags.None : CloneFlags.IntoCgroup)),
                Pidfd = (ulong)&pidfd,
                ExitSignal = ChildSignal,
                Cgroup = cgroup is null ? 0 : (ulong)cgroup.DangerousGetHandle(),
            };
            pid = ChildLoop.CloneAndRun(SystemCallNumber.Of(SystemCall.Clone3), &clone, &work);
        }

        return pid > 0
            ? new StartedChild((int)pid, new SafeFileHandle(pidfd, ownsHandle: true))
            : throw new LinuxException((int)-pid, waits ? "clone" : "clone3");
    }
}
