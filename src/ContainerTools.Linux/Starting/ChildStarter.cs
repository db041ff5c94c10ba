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
    /// <param name="cgroup">cgroup v2 directory to start in, or null.</param>
    /// <exception cref="LinuxException">clone3 failed.</exception>
    public static StartedChild Start(OperationProgram program, CloneFlags namespaces, SafeFileHandle? cgroup = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new PlatformNotSupportedException("Containers are started by the native ctrun binary, never from a process of the just-in-time runtime.");
        }

        int pidfd = -1;
        CloneArguments clone = new()
        {
            Flags = (ulong)(namespaces | CloneFlags.Pidfd | CloneFlags.ClearSignalHandlers | (cgroup is null ? CloneFlags.None : CloneFlags.IntoCgroup)),
            Pidfd = (ulong)&pidfd,
            ExitSignal = ChildSignal,
            Cgroup = cgroup is null ? 0 : (ulong)cgroup.DangerousGetHandle(),
        };
        long pid = ChildLoop.CloneAndRun(
            SystemCallNumber.Of(SystemCall.Clone3),
            &clone,
            program.Operations,
            program.Count,
            program.Slots,
            program.Report,
            SystemCallNumber.Of(SystemCall.Write),
            SystemCallNumber.Of(SystemCall.ExitGroup));
        return pid > 0
            ? new StartedChild((int)pid, new SafeFileHandle(pidfd, ownsHandle: true))
            : throw new LinuxException((int)-pid, "clone3");
    }
}
