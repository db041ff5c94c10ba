using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Netlink;

/// <summary>
/// A socket to rtnetlink(7) in one network namespace, which it keeps whatever namespace its user's thread is in. Requests go to the kernel in batches: one
/// send, carried out in order within it. May be used by several threads, one call after the other.
/// </summary>
public sealed partial class NetlinkSocket : IDisposable
{
    private const int RouteProtocol = 0;

    // Acknowledgements wait in the socket's receive buffer (net.core.rmem_default, 208 KiB) until the send is through; one takes up to 1.3 KiB of it.
    private const int BatchRequests = 128;
    private const int BatchBytes = 64 << 10;

    private readonly NetlinkConnection _connection;
    private readonly Lock _lock = new();
    private uint _sequence;

    private NetlinkSocket(NetlinkConnection connection) => _connection = connection;

    private delegate void Receiver(ushort flags, ReadOnlySpan<byte> payload);

    /// <summary>Opens a socket in the calling thread's network namespace. Throws <see cref="LinuxException"/>.</summary>
    public static NetlinkSocket Open() =>
        new(NetlinkConnection.Open(RouteProtocol, "rtnetlink", 10, 11, 12)); // NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK

    /// <summary>Opens a socket in another network namespace. Throws <see cref="LinuxException"/>.</summary>
    public static NetlinkSocket Open(NetworkNamespace network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.Run(Open);
    }

    /// <summary>
    /// Carries requests out in order and throws the first error. The kernel goes on after a request that failed, so others of the batch may have been carried
    /// out all the same.
    /// </summary>
    /// <exception cref="LinuxException">A request failed; the message holds operation, subject and what the kernel said.</exception>
    public void Execute(params ReadOnlySpan<NetlinkRequest> requests)
    {
        foreach (LinuxException? error in TryExecute(requests))
        {
            if (error is not null)
            {
                throw error;
            }
        }
    }

    /// <summary>Carries requests out in order, each whether or not those before it failed; returns for each its error or null.</summary>
    /// <exception cref="LinuxException">The socket itself failed.</exception>
    public IReadOnlyList<LinuxException?> TryExecute(params ReadOnlySpan<NetlinkRequest> requests)
    {
        var errors = new LinuxException?[requests.Length];
        lock (_lock)
        {
            for (int start = 0, end; start < requests.Length; start = end)
            {
                int bytes = requests[start].Message.Length;
                for (end = start + 1; end < requests.Length && end - start < BatchRequests; end++)
                {
                    bytes += requests[end].Message.Length;
                    if (bytes > BatchBytes)
                    {
                        break;
                    }
                }

                ExecuteBatch(requests[start..end], errors.AsSpan(start, end - start));
            }
        }

        return errors;
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _connection.Dispose();

    private void ExecuteBatch(ReadOnlySpan<NetlinkRequest> requests, Span<LinuxException?> errors, Receiver? receiver = null)
    {
        uint first = Send(requests);
        for (int open = requests.Length; open > 0;)
        {
            var messages = new NetlinkMessages(_connection.Receive());
            while (messages.Next())
            {
                uint index = messages.Sequence - first;
                if (index >= (uint)requests.Length)
                {
                    continue; // an answer to a call before, which an error cut short
                }

                bool ended = messages.Type is NetlinkMessages.Error or NetlinkMessages.Done;
                if (ended)
                {
                    errors[(int)index] = NetlinkAcknowledgement.Read(requests[(int)index], messages);
                    open--;
                }

                receiver?.Invoke(messages.Flags, ended ? default : messages.Payload);
            }
        }
    }

    // Returns the sequence number of the first request; the others' follow.
    private uint Send(ReadOnlySpan<NetlinkRequest> requests)
    {
        uint first = _sequence + 1;
        var batch = new List<byte>(requests.Length * 128);
        var held = new List<NetworkNamespace>();
        try
        {
            foreach (NetlinkRequest request in requests)
            {
                int start = batch.Count;
                batch.AddRange(request.Message);
                MemoryMarshal.Write(CollectionsMarshal.AsSpan(batch)[(start + 8)..], ++_sequence);
                foreach (NetworkNamespace? network in request.Namespaces)
                {
                    if (network is not null)
                    {
                        network.Hold();
                        held.Add(network);
                    }
                }
            }

            _connection.Send(CollectionsMarshal.AsSpan(batch), requests[0].ToString());
        }
        finally
        {
            held.ForEach(network => network.Release());
        }

        return first;
    }
}
