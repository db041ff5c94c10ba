using ContainerTools.Linux.Processes;
using ContainerTools.Linux.Starting;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Namespaces;

/// <summary>
/// While it lasts, the calling thread is in another network namespace. No thread may be made meanwhile: it would stay there. Where threads are cheap,
/// <see cref="Netlink.NetworkNamespace.Run{T}"/> is the safer choice; a thread costs a small process most of its memory.
/// </summary>
public sealed class NetworkNamespaceScope : IDisposable
{
    private const string OfThisThread = "/proc/thread-self/ns/net";
    private const int NonBlocking = 0x800;
    private readonly SafeFileHandle _own;

    /// <summary>Enters the namespace of a file. Throws <see cref="LinuxException"/>; EINVAL when it is no network namespace.</summary>
    public NetworkNamespaceScope(string path)
    {
        using SafeFileHandle target = Descriptor.Open(path, NonBlocking);
        _own = Descriptor.Open(OfThisThread, 0);
        KernelCall.Require(SystemCall.Setns, path, target.DangerousGetHandle(), (long)CloneFlags.NewNetwork);
    }

    /// <summary>Goes back to the namespace the thread came from. Throws <see cref="LinuxException"/>.</summary>
    public void Dispose()
    {
        KernelCall.Require(SystemCall.Setns, OfThisThread, _own.DangerousGetHandle(), (long)CloneFlags.NewNetwork);
        _own.Dispose();
    }
}
