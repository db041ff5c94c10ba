using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Netlink;

/// <summary>A netlink(7) socket that is connected to the kernel: bytes out, datagrams in. For one thread at a time. Throws <see cref="LinuxException"/>.</summary>
internal sealed unsafe class NetlinkConnection : IDisposable
{
    private const int NetlinkDomain = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int NetlinkLevel = 270;
    private const int SocketLevel = 1;
    private const int ForcedSendBuffer = 32; // SO_SNDBUFFORCE
    private const int DontWait = 0x40;
    private const int Peek = 0x02;
    private const int TrueSize = 0x20;

    private readonly SafeFileHandle _handle;
    private readonly string _name;
    private byte[] _buffer = new byte[32 << 10]; // the kernel fills dumps up to this size
    private int _sendable = 128 << 10;           // less than net.core.wmem_default, 208 KiB

    private NetlinkConnection(SafeFileHandle handle, string name) => (_handle, _name) = (handle, name);

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    /// <param name="protocol">NETLINK_ROUTE (0) or NETLINK_NETFILTER (12).</param>
    /// <param name="name">Its name, for errors.</param>
    /// <param name="options">Options of SOL_NETLINK to turn on.</param>
    public static NetlinkConnection Open(int protocol, string name, params ReadOnlySpan<int> options)
    {
        int descriptor = NetlinkCalls.Socket(NetlinkDomain, RawCloseOnExec, protocol);
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (descriptor < 0)
        {
            throw LinuxException.FromLastError("socket", name);
        }

        foreach (int option in options)
        {
            int enabled = 1;
            Check(handle, name, NetlinkCalls.SetOption(descriptor, NetlinkLevel, option, &enabled, sizeof(int)), "setsockopt");
        }

        // Connected to the kernel (port 0), the socket takes no messages of processes: a privileged one in a container's namespace could forge answers.
        byte* kernel = stackalloc byte[12];
        new Span<byte>(kernel, 12).Clear();
        *(ushort*)kernel = NetlinkDomain;
        Check(handle, name, NetlinkCalls.Connect(descriptor, kernel, 12), "connect");
        return new NetlinkConnection(handle, name);
    }

    /// <summary>Sends messages at once; the kernel carries them out before this returns.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="subject">What they are about, for the error.</param>
    public void Send(ReadOnlySpan<byte> messages, string? subject = null)
    {
        if (messages.Length > _sendable)
        {
            // Beyond net.core.wmem_max, for whoever has CAP_NET_ADMIN; others get EMSGSIZE from the send.
            int size = _sendable = messages.Length;
            _ = NetlinkCalls.SetOption((int)_handle.DangerousGetHandle(), SocketLevel, ForcedSendBuffer, &size, sizeof(int));
        }

        fixed (byte* data = messages)
        {
            while (NetlinkCalls.Send((int)_handle.DangerousGetHandle(), data, (nuint)messages.Length, 0) < 0)
            {
                if (LinuxError.Last != LinuxError.Interrupted)
                {
                    throw LinuxException.FromLastError("send", subject ?? _name);
                }
            }
        }
    }

    /// <summary>Waits for a datagram, which is good until the next call.</summary>
    public ReadOnlySpan<byte> Receive()
    {
        Fit(Receive(Peek | TrueSize));
        return _buffer.AsSpan(0, Receive(0));
    }

    /// <summary>Takes a datagram that is there already, good until the next call; false when there is none.</summary>
    public bool TryReceive(out ReadOnlySpan<byte> datagram)
    {
        int size = Receive(Peek | TrueSize | DontWait);
        Fit(size);
        datagram = size < 0 ? default : _buffer.AsSpan(0, Receive(0));
        return size >= 0;
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _handle.Dispose();

    private static void Check(SafeFileHandle handle, string name, int result, string call)
    {
        if (result != 0)
        {
            var error = LinuxException.FromLastError(call, name);
            handle.Dispose();
            throw error;
        }
    }

    // One message alone may be larger than the buffer, as that of a card with many virtual functions.
    private void Fit(int size) => _buffer = size > _buffer.Length ? new byte[size] : _buffer;

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

                int error = LinuxError.Last;
                if (error == LinuxError.WouldBlock && (flags & DontWait) != 0)
                {
                    return -1;
                }

                if (error != LinuxError.Interrupted)
                {
                    throw LinuxException.FromLastError("recv", _name);
                }
            }
        }
    }
}
