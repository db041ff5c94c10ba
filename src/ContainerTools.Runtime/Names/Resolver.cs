using ContainerTools.Linux;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Namespaces;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Names;

/// <summary>
/// The name server of a container, at 127.0.0.11 in its network namespace: names of its networks it answers itself, all others it passes on in the monitor's own
/// namespace, which is the host's.
/// </summary>
internal sealed class Resolver : IDisposable
{
    private const int IPLevel = 0;
    private const int FreeBind = 15; // IP_FREEBIND: the container's loopback may still be down
    private readonly int datagrams;
    private readonly int streams;
    private readonly NameService names = new();
    private readonly UpstreamServers servers = new();

    /// <summary>Makes the sockets and the redirection in the container's namespace. Throws <see cref="LinuxException"/>.</summary>
    /// <param name="networkNamespace">Path of the namespace.</param>
    /// <param name="scope">What is answered.</param>
    /// <param name="queue">Where the sockets are watched, for as long as the monitor lives.</param>
    /// <param name="scratch">Memory for packets.</param>
    public Resolver(string networkNamespace, MonitorNames scope, EventQueue queue, ScratchMemory scratch)
    {
        using (new NetworkNamespaceScope(networkNamespace))
        {
            datagrams = Open(SocketCalls.Datagram);
            streams = Open(SocketCalls.Stream);
            NameServerRedirection.Establish();
        }

        Answer(scope);
        var upstream = new UpstreamQueries(datagrams, servers, scratch, queue);
        _ = new DatagramQueries(datagrams, names, servers, upstream, scratch, queue);
        _ = new StreamQueries(streams, names, servers, scratch, queue);
    }

    /// <summary>Answers from other networks or asks other servers from now on.</summary>
    public void Answer(MonitorNames scope)
    {
        names.Forget();
        names.Networks = [.. scope.Networks.Select(network => new NameDirectory(network.Directory))];
        servers.Take(scope);
    }

    public void Dispose()
    {
        names.Forget();
        Native.Close(datagrams);
        Native.Close(streams);
    }

    private static int Open(int type)
    {
        var endpoint = NameServerRedirection.Address;
        if (!InternetEndpoint.TryParse(endpoint, NameServerRedirection.Port, out var address))
        {
            throw new InvalidOperationException($"'{endpoint}' is no address.");
        }

        var descriptor = SocketCalls.Open(address.Family, type);
        _ = SocketCalls.SetOption(descriptor, IPLevel, FreeBind, 1);
        SocketCalls.ReuseAddress(descriptor, true); // connections of the resolver before may linger
        var errno = -SocketCalls.Bind(descriptor, address);
        if (errno != 0)
        {
            Native.Close(descriptor);
            throw new LinuxException(errno, "bind", FormattableString.Invariant($"{endpoint}:{NameServerRedirection.Port}"));
        }

        return descriptor;
    }
}
