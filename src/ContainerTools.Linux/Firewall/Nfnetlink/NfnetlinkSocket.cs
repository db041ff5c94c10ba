using System.Runtime.InteropServices;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Firewall.Nfnetlink;

/// <summary>
/// A socket to nfnetlink in one network namespace, which it keeps whatever namespace its user's thread is in. It needs no library. May be used by several threads,
/// one call after the other. A socket is worth keeping: closing one that changed something waits for the kernel to have freed what was removed (some
/// milliseconds).
/// </summary>
public sealed class NfnetlinkSocket : IDisposable
{
    private const int NetfilterProtocol = 12;

    // NETLINK_NO_ENOBUFS, NETLINK_CAP_ACK, NETLINK_EXT_ACK. Without the first, errors that find no room would hide those that do.
    private static readonly int[] s_options = [5, 10, 11];
    private static readonly NetlinkRequest s_batch = new(NfnetlinkBatch.BeginName, "nftables", []);

    private readonly NetlinkConnection _connection;
    private readonly Lock _lock = new();
    private uint _sequence;

    private NfnetlinkSocket(NetlinkConnection connection) => _connection = connection;

    /// <summary>Opens a socket in the calling thread's network namespace. Throws <see cref="LinuxException"/>; EPROTONOSUPPORT when the kernel has no nfnetlink.</summary>
    public static NfnetlinkSocket Open() =>
        new(NetlinkConnection.Open(NetfilterProtocol, "nfnetlink", s_options));

    /// <summary>Opens a socket in another network namespace. Throws as <see cref="Open()"/>.</summary>
    public static NfnetlinkSocket Open(NetworkNamespace network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.Run(Open);
    }

    /// <summary>Carries a batch out: all of it, or nothing.</summary>
    /// <exception cref="LinuxException">
    /// nftables refused a message, the first of which is named. EPERM without CAP_NET_ADMIN in the namespace's user namespace; EOPNOTSUPP about NFNL_MSG_BATCH_BEGIN when
    /// the kernel has no nftables.
    /// </exception>
    public void Commit(NfnetlinkBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_lock)
        {
            var errors = Send(batch.Messages);
            if (errors.Count > 0)
            {
                throw errors.MinBy(error => error.Key).Value;
            }
        }
    }

    /// <summary>
    /// Carries out a batch that removes things, some of which may be gone already (ENOENT): what is left is removed, in one transaction. Nothing happens when all is
    /// gone.
    /// </summary>
    /// <param name="batch">What <see cref="NfnetlinkBatch.ToBytes"/> wrote.</param>
    /// <exception cref="ArgumentException">The bytes are no batch.</exception>
    /// <exception cref="LinuxException">A message was refused for another reason, and nothing was removed; or as <see cref="Commit"/>.</exception>
    public void Remove(ReadOnlySpan<byte> batch) => Remove(NfnetlinkBatch.Read(batch));

    /// <summary>As <see cref="Remove(ReadOnlySpan{byte})"/>.</summary>
    public void Remove(NfnetlinkBatch batch)
    {
        List<NetlinkRequest> messages = [.. batch.Messages];
        lock (_lock)
        {
            // The kernel goes through all messages whatever becomes of those before. Of very many errors some find no room in the socket, hence the rounds.
            while (Send(messages) is { Count: > 0 } errors)
            {
                foreach (var (index, error) in errors.OrderByDescending(error => error.Key))
                {
                    if (error.Errno != LinuxError.NotFound || index < 0)
                    {
                        throw error;
                    }

                    messages.RemoveAt(index);
                }
            }
        }
    }

    /// <summary>Whether there is a table of the family inet. Throws <see cref="LinuxException"/>.</summary>
    internal bool HasTable(string name)
    {
        var writer = NfnetlinkRequest.Write(NfnetlinkRequest.Nftables, NftablesMessage.GetTable, NetlinkRequest.Acknowledge, NftablesFamily.Inet);
        writer.Text(NftablesAttribute.TableName, name);
        return Execute(new(NftablesMessage.Name(NftablesMessage.GetTable), name, writer)) switch
        {
            null => true,
            { Errno: LinuxError.NotFound } => false,
            var error => throw error,
        };
    }

    /// <summary>Carries out one request outside of a batch, which asks to be acknowledged; returns its error or null. Throws <see cref="LinuxException"/>.</summary>
    internal LinuxException? Execute(NetlinkRequest request) => Exchange(request, _ => { });

    /// <summary>Carries out a request that lists; what is listed may change while it goes on. Throws <see cref="LinuxException"/>.</summary>
    internal void List(NetlinkRequest request, Action<ReadOnlySpan<byte>> receiver)
    {
        if (Exchange(request, receiver) is { } error)
        {
            throw error;
        }
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _connection.Dispose();

    private LinuxException? Exchange(NetlinkRequest request, Action<ReadOnlySpan<byte>> receiver)
    {
        lock (_lock)
        {
            uint sequence = Number(1);
            byte[] message = [.. request.Message];
            MemoryMarshal.Write(message.AsSpan(8), sequence);
            _connection.Send(message, request.Subject);
            while (true)
            {
                var answers = new NetlinkMessages(_connection.Receive());
                while (answers.Next())
                {
                    if (answers.Sequence != sequence)
                    {
                        continue; // an answer to a call before, which an error cut short
                    }

                    if (answers.Type is NetlinkMessages.Error or NetlinkMessages.Done)
                    {
                        return NetlinkAcknowledgement.Read(request, answers);
                    }

                    receiver(answers.Payload);
                }
            }
        }
    }

    // Errors by index of the message, -1 for the batch as a whole. The kernel works within the send, so that all it has to say is there after it.
    private Dictionary<int, LinuxException> Send(IReadOnlyList<NetlinkRequest> messages)
    {
        var errors = new Dictionary<int, LinuxException>();
        if (messages.Count == 0)
        {
            return errors;
        }

        uint first = Number(messages.Count + 2);
        _connection.Send(NfnetlinkBatch.Frame(messages, first), "nftables");
        bool acknowledged = false;
        while (_connection.TryReceive(out var datagram))
        {
            var answers = new NetlinkMessages(datagram);
            while (answers.Next())
            {
                int index = unchecked((int)(answers.Sequence - first)) - 1;
                if (answers.Type != NetlinkMessages.Error || index < -1 || index >= messages.Count)
                {
                    continue;
                }

                acknowledged = true;
                var request = index < 0 ? s_batch : messages[index];
                if (NetlinkAcknowledgement.Read(request, answers) is { } error)
                {
                    errors.TryAdd(index, error);
                }
            }
        }

        return acknowledged ? errors : throw new LinuxException(LinuxError.NoBufferSpace, "recv", "nfnetlink", "the kernel acknowledged nothing");
    }

    private uint Number(int count)
    {
        uint first = _sequence + 1;
        _sequence += (uint)count;
        return first;
    }
}
