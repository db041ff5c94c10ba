namespace ContainerTools.Linux.Netlink;

/// <content>What is asked of the kernel.</content>
public sealed partial class NetlinkSocket
{
    private const ushort InterruptedDump = 0x010; // NLM_F_DUMP_INTR: something changed while the dump went on, so it may miss or repeat entries
    private const int DumpAttempts = 100;

    private delegate IEnumerable<T> Parser<T>(ReadOnlySpan<byte> payload);

    /// <summary>The link of that name or index; null when there is none. Throws <see cref="LinuxException"/>.</summary>
    public Link? FindLink(LinkReference link)
    {
        Link? found = null;
        var errors = new LinuxException?[1];
        lock (_lock)
        {
            ExecuteBatch([LinkRequest.Get(link)], errors, (_, payload) => found = payload.IsEmpty ? found : LinkMessage.Read(payload));
        }

        return errors[0] switch
        {
            null => found,
            { Errno: LinuxError.NoDevice } => null,
            var error => throw error,
        };
    }

    /// <summary>All links, by index. Throws <see cref="LinuxException"/>.</summary>
    public IReadOnlyList<Link> GetLinks()
    {
        // Older kernels (6.1) walk a hash table: 1024 comes before 1000.
        List<Link> links = GetAll<Link>(LinkRequest.GetAll(), payload => [LinkMessage.Read(payload)]);
        links.Sort((one, other) => one.Index.CompareTo(other.Index));
        return links;
    }

    /// <summary>IPv4 and IPv6 addresses of all links, or of the one with that index. Throws <see cref="LinuxException"/>.</summary>
    public IReadOnlyList<LinkAddress> GetAddresses(int? link = null) => GetAll(AddressRequest.GetAll(link), AddressMessage.Read);

    /// <summary>IPv4 and IPv6 unicast routes of the main table; a route over several next hops once for each. Throws <see cref="LinuxException"/>.</summary>
    public IReadOnlyList<Route> GetRoutes() => GetAll(RouteRequest.GetAll(), RouteMessage.Read);

    private List<T> GetAll<T>(NetlinkRequest request, Parser<T> parse)
    {
        var errors = new LinuxException?[1];
        lock (_lock)
        {
            for (int attempt = 0; attempt < DumpAttempts; attempt++)
            {
                var result = new List<T>();
                bool interrupted = false;
                ExecuteBatch([request], errors, (flags, payload) =>
                {
                    interrupted |= (flags & InterruptedDump) != 0;
                    if (!payload.IsEmpty)
                    {
                        result.AddRange(parse(payload));
                    }
                });

                if (errors[0] is { } error)
                {
                    throw error;
                }

                if (!interrupted)
                {
                    return result;
                }
            }
        }

        throw new LinuxException(LinuxError.Interrupted, request.Operation, request.Subject, $"the list changed during each of {DumpAttempts} readings");
    }
}
