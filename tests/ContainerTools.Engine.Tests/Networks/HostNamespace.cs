using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>A network namespace that is the host's to an engine under test, pinned so that other processes can be given it too.</summary>
internal sealed class HostNamespace : IDisposable
{
    public HostNamespace(string directory)
    {
        Path = System.IO.Path.Combine(directory, "host-network");
        Namespace = NetworkNamespace.Create();
        Namespace.Pin(Path);
        using var links = NetlinkSocket.Open(Namespace);
        links.Execute(LinkRequest.Change("lo", new LinkChange { Up = true }));
    }

    public string Path { get; }

    public NetworkNamespace Namespace { get; }

    public void Dispose()
    {
        NetworkNamespace.Unpin(Path);
        Namespace.Dispose();
    }
}
