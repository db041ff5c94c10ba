using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Netlink;

/// <summary>
/// A socket to rtnetlink(7) in one network namespace, which it keeps whatever namespace its user's thread is in. Requests go to the kernel in batches: one
/// send, carried out in order within it. May be used by several threads, one call after the other.
/// </summary>
public sealed unsafe partial class NetlinkSocket : IDisposable
{
    private const int NetlinkDomain = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int RouteProtocol = 0;
    private const int NetlinkLevel = 270;
    private const int HeaderSize = 16;
    private const int ErrorAttributes = 20; // errno and the header of the request; NETLINK_CAP_ACK leaves its body out
    private const int DoneAttributes = 4;
    private const ushort ErrorMessage = 2;
    private const ushort DoneMessage = 3;

    // Acknowledgements wait in the socket's receive buffer (net.core.rmem_default, 208 KiB) until the send is through; one takes up to 1.3 KiB of it.
    private const int BatchRequests = 128;
    private const int BatchBytes = 64 << 10;

    private static readonly int[] s_options = [10, 11, 12]; // NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK

    private readonly SafeFileHandle _handle;
    private readonly Lock _lock = new();
    private byte[] _buffer = new byte[32 << 10]; // the kernel fills dumps up to this size
    private uint _sequence;

    private NetlinkSocket(SafeFileHandle handle) => _handle = handle;

    private delegate void Receiver(ushort flags, ReadOnlySpan<byte> payload);

    /// <summary>Opens a socket in the calling thread's network namespace. Throws <see cref="LinuxException"/>.</summary>
    public static NetlinkSocket Open()
    {
        int descriptor = NetlinkCalls.Socket(NetlinkDomain, RawCloseOnExec, RouteProtocol);
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (descriptor < 0)
        {
            throw LinuxException.FromLastError("socket", "rtnetlink");
        }

        foreach (int option in s_options)
        {
            int enabled = 1;
            Check(handle, NetlinkCalls.SetOption(descriptor, NetlinkLevel, option, &enabled, sizeof(int)), "setsockopt");
        }

        // Connected to the kernel (port 0), the socket takes no messages of processes: a privileged one in a container's namespace could forge answers.
        byte* kernel = stackalloc byte[12];
        new Span<byte>(kernel, 12).Clear();
        *(ushort*)kernel = NetlinkDomain;
        Check(handle, NetlinkCalls.Connect(descriptor, kernel, 12), "connect");
        return new NetlinkSocket(handle);
    }

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
    public void Dispose() => _handle.Dispose();

    private static void Check(SafeFileHandle handle, int result, string call)
    {
        if (result != 0)
        {
            var error = LinuxException.FromLastError(call, "rtnetlink");
            handle.Dispose();
            throw error;
        }
    }

    private void ExecuteBatch(ReadOnlySpan<NetlinkRequest> requests, Span<LinuxException?> errors, Receiver? receiver = null)
    {
        uint first = Send(requests);
        for (int open = requests.Length; open > 0;)
        {
            ReadOnlySpan<byte> rest = Receive();
            while (rest.Length >= HeaderSize)
            {
                int length = MemoryMarshal.Read<int>(rest);
                if (length < HeaderSize || length > rest.Length)
                {
                    break;
                }

                ushort type = MemoryMarshal.Read<ushort>(rest[4..]);
                ushort flags = MemoryMarshal.Read<ushort>(rest[6..]);
                uint index = MemoryMarshal.Read<uint>(rest[8..]) - first;
                ReadOnlySpan<byte> payload = rest[HeaderSize..length];
                rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
                if (index >= (uint)requests.Length)
                {
                    continue; // an answer to a call before, which an error cut short
                }

                if (type is ErrorMessage or DoneMessage)
                {
                    errors[(int)index] = NetlinkAcknowledgement.Read(requests[(int)index], flags, payload, type == ErrorMessage ? ErrorAttributes : DoneAttributes);
                    open--;
                }

                receiver?.Invoke(flags, type is ErrorMessage or DoneMessage ? default : payload);
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

            fixed (byte* data = CollectionsMarshal.AsSpan(batch))
            {
                while (NetlinkCalls.Send((int)_handle.DangerousGetHandle(), data, (nuint)batch.Count, 0) < 0)
                {
                    if (LinuxError.Last != LinuxError.Interrupted)
                    {
                        throw LinuxException.FromLastError("send", requests[0].ToString());
                    }
                }
            }
        }
        finally
        {
            held.ForEach(network => network.Release());
        }

        return first;
    }

    // One datagram, good until the next call.
    private ReadOnlySpan<byte> Receive()
    {
        const int Peek = 0x02;
        const int TrueSize = 0x20;
        int size = Receive(Peek | TrueSize);
        if (size > _buffer.Length)
        {
            _buffer = new byte[size]; // one message alone may be larger, as that of a card with many virtual functions
        }

        return _buffer.AsSpan(0, Receive(0));
    }

    private int Receive(int flags)
    {
        fixed (byte* buffer = _buffer)
        {
            while (true)
            {
                nint size = NetlinkCalls.Receive((int)_handle.DangerousGetHandle(), buffer, (nuint)_buffer.Length, flags);
                if (size >= 0)
                {
                    return (int)size;
                }

                if (LinuxError.Last != LinuxError.Interrupted)
                {
                    throw LinuxException.FromLastError("recv", "rtnetlink");
                }
            }
        }
    }
}
