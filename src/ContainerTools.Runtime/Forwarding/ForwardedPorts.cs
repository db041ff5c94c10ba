using ContainerTools.Linux;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Forwarding;

/// <summary>What the monitor forwards itself; see <see cref="ForwardedPort"/>.</summary>
internal sealed class ForwardedPorts(EventQueue queue, ScratchMemory scratch, HeldPorts held) : IDisposable
{
    private const int Backlog = 128;
    private ForwardedStreams? streams;
    private ForwardedDatagrams? datagrams;
    private IReadOnlyList<ForwardedPort> open = [];

    /// <summary>Forwards these ports and no others; connections of those that stay go on. Throws <see cref="LinuxException"/> and <see cref="FormatException"/>.</summary>
    public void Forward(IReadOnlyList<ForwardedPort> ports, DescriptorRoom room)
    {
        var before = open;
        foreach (var gone in before.Except(ports))
        {
            ForEach(gone, (endpoint, _) => Close(gone.Protocol, endpoint));
        }

        open = [.. before.Intersect(ports)];
        foreach (var added in ports.Except(before))
        {
            // Counted as open before all of it is: what was opened before a failure can so be closed.
            open = [.. open, added];
            ForEach(added, (endpoint, target) => Open(added.Protocol, endpoint, target, room));
        }
    }

    public void Dispose()
    {
        streams?.Dispose();
        datagrams?.Dispose();
        (streams, datagrams, open) = (null, null, []);
    }

    private static void ForEach(ForwardedPort port, Action<InternetEndpoint, InternetEndpoint> action)
    {
        for (var offset = 0; offset < port.Count; offset++)
        {
            action(
                InternetEndpoint.Parse(port.Address, checked((ushort)(port.Port + offset))),
                InternetEndpoint.Parse(port.TargetAddress, checked((ushort)(port.TargetPort + offset))));
        }
    }

    private void Open(string protocol, InternetEndpoint endpoint, InternetEndpoint target, DescriptorRoom room)
    {
        var isStream = protocol switch
        {
            "tcp" => true,
            "udp" => false,
            _ => throw new FormatException($"'{protocol}' is no protocol that can be forwarded. Use tcp or udp."),
        };
        var descriptor = room.Move(SocketCalls.Open(endpoint.Family, isStream ? SocketCalls.Stream : SocketCalls.Datagram));
        SocketCalls.OnlyIPv6(descriptor);
        SocketCalls.ReuseAddress(descriptor, true);

        // The same port of all addresses may be held.
        held.Share(protocol, endpoint.Port, true);
        var errno = -SocketCalls.Bind(descriptor, endpoint);
        errno = errno == 0 && isStream ? -SocketCalls.Listen(descriptor, Backlog) : errno;
        held.Share(protocol, endpoint.Port, false);

        // Who listens has its port to itself anyway, and connections inherit this: those that linger must not keep the next container from the port.
        SocketCalls.ReuseAddress(descriptor, isStream);
        if (errno != 0)
        {
            Native.Close(descriptor);
            throw HeldPorts.Failure(protocol, endpoint, errno);
        }

        if (isStream)
        {
            (streams ??= new ForwardedStreams(queue)).Add(descriptor, endpoint, target);
        }
        else
        {
            (datagrams ??= new ForwardedDatagrams(queue, scratch)).Add(descriptor, endpoint, target);
        }
    }

    private void Close(string protocol, InternetEndpoint endpoint)
    {
        if (protocol == "tcp")
        {
            streams?.Remove(endpoint);
        }
        else
        {
            datagrams?.Remove(endpoint);
        }
    }
}
