using ContainerTools.Linux;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks;

/// <summary>The network namespace that is the host's to containers: where bridges, rules and published ports are.</summary>
/// <param name="path">Its path; null for the one that this process is in.</param>
internal sealed class HostNetwork(string? path) : IDisposable
{
    private readonly Lazy<NetworkNamespace> _namespace = new(() => Open(path));
    private readonly Lock _lock = new();
    private NetlinkSocket? _links;

    /// <summary>Its path, where it is not this process's own.</summary>
    public string? Path => path;

    /// <summary>The namespace. Throws <c>NetworkNamespaceNotFound</c>.</summary>
    public NetworkNamespace Namespace => _namespace.Value;

    /// <summary>A socket to its links. Throws <c>NetworkNamespaceNotFound</c>.</summary>
    public NetlinkSocket Links
    {
        get
        {
            lock (_lock)
            {
                return _links ??= NetlinkSocket.Open(Namespace);
            }
        }
    }

    /// <summary>Runs short code in it; see <see cref="NetworkNamespace.Run{T}"/> for what it must not do.</summary>
    public T Run<T>(Func<T> work) => path is null ? work() : Namespace.Run(work);

    public void Dispose()
    {
        _links?.Dispose();
        if (_namespace.IsValueCreated)
        {
            _namespace.Value.Dispose();
        }
    }

    private static NetworkNamespace Open(string? path)
    {
        try
        {
            return NetworkNamespace.Open(path ?? "/proc/self/ns/net");
        }
        catch (LinuxException error)
        {
            throw new ContainerToolsException(
                ErrorKind.NotFound, "NetworkNamespaceNotFound", $"The host's network namespace cannot be opened: {error.Message}", path, "Check CONTAINERTOOLS_NETWORK_NAMESPACE.", error)
            { Errno = error.Errno, Syscall = error.Syscall, Path = error.Path };
        }
    }
}
