using ContainerTools.Linux.Processes;
using ContainerTools.Linux.Starting;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Namespaces;

/// <summary>
/// While it lasts, children that this thread clones are born in another pid namespace. No thread may be made by this thread meanwhile (the kernel
/// refuses), so nothing but the clone goes between.
/// </summary>
public sealed class PidNamespaceScope : IDisposable
{
    private readonly SafeFileHandle _own;

    /// <summary>Enters the pid namespace of a file such as <c>/proc/PID/ns/pid</c>. Throws <see cref="LinuxException"/>.</summary>
    public PidNamespaceScope(string path)
    {
        _own = Descriptor.Open("/proc/self/ns/pid", 0);
        using SafeFileHandle target = Descriptor.Open(path, 0);
        KernelCall.Require(SystemCall.Setns, path, target.DangerousGetHandle(), (long)CloneFlags.NewPid);
    }

    /// <summary>Goes back to this process's own pid namespace.</summary>
    public void Dispose()
    {
        KernelCall.Require(SystemCall.Setns, "/proc/self/ns/pid", _own.DangerousGetHandle(), (long)CloneFlags.NewPid);
        _own.Dispose();
    }
}
