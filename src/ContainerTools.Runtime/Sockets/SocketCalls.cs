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
    public const int InProgress = 115;
    private const int IgnoreSignal = 0x4000; // MSG_NOSIGNAL

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

    /// <summary>The errno that waits on a socket, or 0.</summary>
    public static int Error(int descriptor)
    {
        const int SocketLevel = 1;
        const int ErrorOption = 4;
        int value = 0;
        uint size = sizeof(int);
        return getsockopt(descriptor, SocketLevel, ErrorOption, &value, &size) == 0 ? value : Native.LastError;
    }

    public static nint Receive(int descriptor, byte* buffer, nint size) => Result(recv(descriptor, buffer, (nuint)size, 0));

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
}
