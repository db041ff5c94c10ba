using System.Runtime.InteropServices;
using ContainerTools.Linux;
using ContainerTools.Runtime.Monitoring;

namespace ContainerTools.Runtime.Sockets;

/// <summary>Calls of socket(7) on plain descriptors; all sockets are non-blocking and closed on exec. Where nothing else is said, results are negative errnos on failure.</summary>
internal static unsafe partial class SocketCalls
{
    public const int Stream = 1;
    public const int Datagram = 2;
    public const int Again = Native.EAGAIN;
    public const int AddressInUse = 98;
    public const int ProtocolNotSupported = 93;
    public const int TooManyOpen = 24;
    public const int TooManyOpenAnywhere = 23;
    public const int SocketTypeNotSupported = 94;
    public const int InProgress = 115;
    private const int IgnoreSignal = 0x4000; // MSG_NOSIGNAL
    private const int SocketLevel = 1;
    private const int ReuseAddressOption = 2;
    private const int ErrorOption = 4;
    private const int LingerOption = 13;
    private const int FilterOption = 26;
    private const int IPv6Level = 41;
    private const int IPv6Only = 26;

    /// <summary>Makes a socket; throws <see cref="LinuxException"/>.</summary>
    public static int Open(int family, int type, int protocol = 0)
    {
        var descriptor = TryOpen(family, type, protocol);
        return descriptor >= 0 ? descriptor : throw new LinuxException(-descriptor, "socket");
    }

    public static int TryOpen(int family, int type, int protocol = 0) => Result(socket(family, type | Native.NonBlocking | Native.CloseOnExec, protocol));

    public static int Bind(int descriptor, InternetEndpoint endpoint) => Result(bind(descriptor, &endpoint, endpoint.Size));

    public static int Connect(int descriptor, InternetEndpoint endpoint) => Result(connect(descriptor, &endpoint, endpoint.Size));

    public static int Listen(int descriptor, int backlog) => Result(listen(descriptor, backlog));

    public static int Accept(int descriptor) => Result(accept4(descriptor, null, null, Native.NonBlocking | Native.CloseOnExec));

    public static int SetOption(int descriptor, int level, int option, int value) => Result(setsockopt(descriptor, level, option, &value, sizeof(int)));

    public static int Shutdown(int descriptor, int how) => Result(shutdown(descriptor, how));

    /// <summary>Whether others that say so too may have the same address (SO_REUSEADDR, socket(7)).</summary>
    public static void ReuseAddress(int descriptor, bool reuse) => _ = SetOption(descriptor, SocketLevel, ReuseAddressOption, reuse ? 1 : 0);

    /// <summary>Keeps a socket for <c>::</c> from standing for IPv4 too (ipv6(7)).</summary>
    public static void OnlyIPv6(int descriptor) => _ = SetOption(descriptor, IPv6Level, IPv6Only, 1);

    /// <summary>Makes closing a connection reset it.</summary>
    public static void ResetAtClose(int descriptor)
    {
        var linger = stackalloc int[2] { 1, 0 };
        _ = setsockopt(descriptor, SocketLevel, LingerOption, linger, 2 * sizeof(int));
    }

    /// <summary>Lets a socket receive nothing.</summary>
    public static void Deafen(int descriptor)
    {
        // struct sock_filter: BPF_RET | BPF_K with 0 bytes; struct sock_fprog: a count and a pointer.
        ulong instruction = 0x06;
        var program = stackalloc ulong[2] { 1, (ulong)&instruction };
        _ = setsockopt(descriptor, SocketLevel, FilterOption, (int*)program, 2 * sizeof(ulong));
    }

    /// <summary>The errno that waits on a socket, or 0.</summary>
    public static int Error(int descriptor)
    {
        int value = 0;
        uint size = sizeof(int);
        return getsockopt(descriptor, SocketLevel, ErrorOption, &value, &size) == 0 ? value : Native.LastError;
    }

    public static nint Receive(int descriptor, byte* buffer, nint size) => Result(recv(descriptor, buffer, (nuint)size, 0));

    /// <summary>Takes a datagram with what accompanies it.</summary>
    public static nint ReceiveMessage(int descriptor, DatagramHeader* header) => Result(recvmsg(descriptor, header, 0));

    /// <summary>Sends a datagram with what accompanies it.</summary>
    public static nint SendMessage(int descriptor, DatagramHeader* header) => Result(sendmsg(descriptor, header, IgnoreSignal));

    /// <summary>Moves bytes between a pipe and a socket without waiting (splice(2)).</summary>
    public static nint Splice(int source, int target, nint size)
    {
        const uint MoveNonBlocking = 1 | 2;
        return Result(splice(source, null, target, null, (nuint)size, MoveNonBlocking));
    }

    /// <summary>A pipe that does not block, or null.</summary>
    public static (int Reader, int Writer)? TryPipe()
    {
        var ends = stackalloc int[2];
        return pipe2(ends, Native.NonBlocking | Native.CloseOnExec) == 0 ? (ends[0], ends[1]) : null;
    }

    public static nint Send(int descriptor, byte* buffer, nint size) => Result(send(descriptor, buffer, (nuint)size, IgnoreSignal));

    public static nint SendTo(int descriptor, byte* buffer, nint size, InternetEndpoint endpoint) =>
        Result(sendto(descriptor, buffer, (nuint)size, IgnoreSignal, &endpoint, endpoint.Size));

    /// <summary>Takes datagrams that have come; how many.</summary>
    public static int ReceiveMany(int descriptor, DatagramHeader* headers, int count) => Result(recvmmsg(descriptor, headers, (uint)count, 0, null));

    /// <summary>Sends datagrams, as far as there is room; how many.</summary>
    public static int SendMany(int descriptor, DatagramHeader* headers, int count) => Result(sendmmsg(descriptor, headers, (uint)count, IgnoreSignal));

    private static int Result(int result) => result >= 0 ? result : -Native.LastError;

    private static nint Result(nint result) => result >= 0 ? result : -Native.LastError;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(int descriptor, InternetEndpoint* endpoint, uint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(int descriptor, InternetEndpoint* endpoint, uint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(int descriptor, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int listen(int descriptor, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(int descriptor, InternetEndpoint* endpoint, uint* size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int descriptor, int level, int option, int* value, uint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(int descriptor, int level, int option, int* value, uint* size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int descriptor, byte* buffer, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int descriptor, byte* buffer, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendto(int descriptor, byte* buffer, nuint size, int flags, InternetEndpoint* endpoint, uint endpointSize);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int recvmmsg(int descriptor, DatagramHeader* headers, uint count, int flags, void* timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sendmmsg(int descriptor, DatagramHeader* headers, uint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(int descriptor, DatagramHeader* header, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(int descriptor, DatagramHeader* header, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint splice(int source, long* sourceOffset, int target, long* targetOffset, nuint size, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);
}
