using System.Runtime.InteropServices;
using ContainerTools.Linux.Netlink;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Firewall.Nfnetlink;

/// <summary>A socket to nfnetlink in the network namespace of the thread that opened it. Throws <see cref="LinuxException"/>.</summary>
internal sealed unsafe class NfnetlinkSocket : IDisposable
{
    private const int NetlinkDomain = 16;
    private const int RawNonBlockingCloseOnExec = 3 | 0x800 | 0x80000;
    private const int NetfilterProtocol = 12;
    private const int NetlinkLevel = 270;
    private const int CapAck = 10;
    private const int HeaderSize = 16;
    private const ushort ErrorMessage = 2;
    private const int BufferSize = 8192;
    private readonly SafeFileHandle _handle;

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    public NfnetlinkSocket()
    {
        int descriptor = NetlinkCalls.Socket(NetlinkDomain, RawNonBlockingCloseOnExec, NetfilterProtocol);
        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (descriptor < 0)
        {
            throw LinuxException.FromLastError("socket", "nfnetlink");
        }

        // Connected to the kernel, it takes no messages of processes.
        int enabled = 1;
        byte* kernel = stackalloc byte[12];
        new Span<byte>(kernel, 12).Clear();
        *(ushort*)kernel = NetlinkDomain;
        if (NetlinkCalls.SetOption(descriptor, NetlinkLevel, CapAck, &enabled, sizeof(int)) != 0 || NetlinkCalls.Connect(descriptor, kernel, 12) != 0)
        {
            var error = LinuxException.FromLastError("connect", "nfnetlink");
            _handle.Dispose();
            throw error;
        }
    }

    /// <summary>Carries a batch out, all of it or nothing; throws the first error.</summary>
    /// <param name="batch">What <see cref="NfnetlinkBatch.ToBytes"/> made.</param>
    /// <param name="subject">What it is about, for the error.</param>
    public void Commit(ReadOnlySpan<byte> batch, string subject)
    {
        fixed (byte* data = batch)
        {
            if (NetlinkCalls.Send((int)_handle.DangerousGetHandle(), data, (nuint)batch.Length, 0) < 0)
            {
                throw LinuxException.FromLastError("send", subject);
            }
        }

        // The kernel works within the send: what it has to say is there already.
        int errno = 0;
        byte* buffer = stackalloc byte[BufferSize];
        for (nint size; (size = NetlinkCalls.Receive((int)_handle.DangerousGetHandle(), buffer, BufferSize, 0)) > 0;)
        {
            ReadOnlySpan<byte> rest = new(buffer, (int)size);
            while (rest.Length >= HeaderSize + sizeof(int) && MemoryMarshal.Read<int>(rest) is var length && length >= HeaderSize && length <= rest.Length)
            {
                if (MemoryMarshal.Read<ushort>(rest[4..]) == ErrorMessage && errno == 0)
                {
                    errno = -MemoryMarshal.Read<int>(rest[HeaderSize..]);
                }

                rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
            }
        }

        if (errno != 0)
        {
            throw new LinuxException(errno, "nfnetlink", subject);
        }
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _handle.Dispose();
}
