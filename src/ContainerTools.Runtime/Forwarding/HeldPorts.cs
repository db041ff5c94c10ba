using ContainerTools.Linux;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Launching;
using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Forwarding;

/// <summary>Ports of the host that a container has for itself: bound, so that no other program gets them, and deaf.</summary>
internal sealed class HeldPorts : IDisposable
{
    private const int Sctp = 132;
    private const int ShutdownBoth = 2;
    private Dictionary<(string Protocol, InternetEndpoint Endpoint), int> held = [];

    /// <summary>Holds these ports and no others; when it throws, it holds what it held.</summary>
    /// <param name="ports">The ports.</param>
    /// <param name="room">Where their descriptors go.</param>
    /// <exception cref="ContainerStartException">Another program has a port.</exception>
    public void Hold(IReadOnlyList<HeldPort> ports, DescriptorRoom room)
    {
        Dictionary<(string Protocol, InternetEndpoint Endpoint), int> next = [];
        try
        {
            foreach (var range in ports)
            {
                for (var offset = 0; offset < range.Count; offset++)
                {
                    var endpoint = InternetEndpoint.Parse(range.Address, checked((ushort)(range.Port + offset)));
                    var key = (range.Protocol, endpoint);
                    if (!next.ContainsKey(key))
                    {
                        next.Add(key, held.TryGetValue(key, out var own) ? own : room.Move(Bind(range.Protocol, endpoint)));
                    }
                }
            }
        }
        catch
        {
            Close(next, held);
            throw;
        }

        Close(held, next);
        held = next;
    }

    /// <summary>Lets a socket of our own have a port that is held, or not any more.</summary>
    public void Share(string protocol, ushort port, bool shared)
    {
        foreach (var ((heldProtocol, endpoint), descriptor) in held)
        {
            if (endpoint.Port == port && heldProtocol == protocol)
            {
                SocketCalls.ReuseAddress(descriptor, shared);
            }
        }
    }

    public void Dispose()
    {
        Close(held, []);
        held = [];
    }

    private static void Close(Dictionary<(string Protocol, InternetEndpoint Endpoint), int> items, Dictionary<(string Protocol, InternetEndpoint Endpoint), int> kept)
    {
        foreach (var (key, descriptor) in items)
        {
            if (!kept.ContainsKey(key))
            {
                Native.Close(descriptor);
            }
        }
    }

    /// <summary>What kept a socket from having a port.</summary>
    public static Exception Failure(string protocol, InternetEndpoint endpoint, int errno)
    {
        var name = $"{endpoint}/{protocol}";
        return errno == SocketCalls.AddressInUse
            ? new ContainerStartException(ContainerStartException.PortInUse, $"Port {name} of the host is in use by another program. Stop that program, or publish another port.") { Errno = errno, Syscall = "bind", Path = name }
            : new LinuxException(errno, "bind", name);
    }

    /// <summary>A bound socket, or -1 where the kernel does not have the protocol, whose ports nobody can take.</summary>
    private static int Bind(string protocol, InternetEndpoint endpoint)
    {
        var (type, number) = protocol switch
        {
            "tcp" => (SocketCalls.Stream, 0),
            "udp" => (SocketCalls.Datagram, 0),
            "sctp" => (SocketCalls.Stream, Sctp),
            _ => throw new FormatException($"'{protocol}' is no protocol whose ports can be held. Use tcp, udp or sctp."),
        };
        var descriptor = SocketCalls.TryOpen(endpoint.Family, type, number);
        if (number == Sctp && descriptor is -SocketCalls.ProtocolNotSupported or -SocketCalls.SocketTypeNotSupported)
        {
            return -1;
        }

        if (descriptor < 0)
        {
            throw new LinuxException(-descriptor, "socket", $"{endpoint}/{protocol}");
        }

        SocketCalls.OnlyIPv6(descriptor);
        var errno = protocol == "tcp" ? Occupy(descriptor, endpoint) : -SocketCalls.Bind(descriptor, endpoint);
        if (errno != 0)
        {
            Native.Close(descriptor);
            throw Failure(protocol, endpoint, errno);
        }

        SocketCalls.Deafen(descriptor);
        return descriptor;
    }

    /// <summary>
    /// Binds a port of TCP on which connections of an earlier program may linger (TIME_WAIT); 0 or errno. For that, it must be reusable while it is bound. From then on it
    /// must not be, and the kernel remembers what the first to bind said until one listens.
    /// </summary>
    private static int Occupy(int descriptor, InternetEndpoint endpoint)
    {
        SocketCalls.ReuseAddress(descriptor, true);
        var errno = -SocketCalls.Bind(descriptor, endpoint);
        if (errno == 0)
        {
            SocketCalls.Deafen(descriptor);
            errno = -SocketCalls.Listen(descriptor, 0);
            _ = SocketCalls.Shutdown(descriptor, ShutdownBoth);
            SocketCalls.ReuseAddress(descriptor, false);
        }

        return errno;
    }
}
