using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ContainerTools.Runtime.Monitoring;

namespace ContainerTools.Runtime.Sockets;

/// <summary>Address and port as the kernel takes them: <c>sockaddr_in</c> of ip(7) or <c>sockaddr_in6</c> of ipv6(7).</summary>
[StructLayout(LayoutKind.Sequential, Size = LargestSize)]
internal unsafe partial struct InternetEndpoint : IEquatable<InternetEndpoint>
{
    public const int LargestSize = 28;
    private const ushort IPv4 = 2;
    private const ushort IPv6 = 10;
    private const int LongestText = 64;
    private ushort family;
    private ushort networkPort;

    // IPv4: 4 bytes of address. IPv6: flow information, 16 bytes of address, scope.
    private fixed byte rest[24];

    public readonly int Family => family;

    public readonly bool IsIPv6 => family == IPv6;

    public readonly uint Size => IsIPv6 ? 28u : 16u;

    public ushort Port
    {
        readonly get => BinaryPrimitives.ReverseEndianness(networkPort);
        set => networkPort = BinaryPrimitives.ReverseEndianness(value);
    }

    public static bool operator ==(in InternetEndpoint left, in InternetEndpoint right) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<InternetEndpoint>(in left)).SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<InternetEndpoint>(in right)));

    public static bool operator !=(in InternetEndpoint left, in InternetEndpoint right) => !(left == right);

    /// <summary>Reads an IP address, or throws <see cref="FormatException"/>.</summary>
    public static InternetEndpoint Parse(string text, ushort port) =>
        TryParse(text, port, out var endpoint) ? endpoint : throw new FormatException($"'{text}' is no IP address.");

    /// <summary>Reads an IP address, an IPv6 one also with <c>%</c> and the name of the link it holds on; false when it is none, or the link is not there.</summary>
    public static bool TryParse(string text, ushort port, out InternetEndpoint endpoint)
    {
        endpoint = default;
        var percent = text.IndexOf('%', StringComparison.Ordinal);
        Span<byte> address = stackalloc byte[16];
        var length = TryReadAddress(Native.Bytes(percent < 0 ? text : text[..percent]).AsSpan()[..^1], address);
        if (length == 0)
        {
            return false;
        }

        endpoint.family = length == 4 ? IPv4 : IPv6;
        endpoint.Port = port;
        fixed (byte* rest = endpoint.rest)
        {
            address[..length].CopyTo(new Span<byte>(rest + (length == 4 ? 0 : 4), length));
            if (percent >= 0)
            {
                *(uint*)(rest + 20) = Link(text[(percent + 1)..]);
                return length == 16 && *(uint*)(rest + 20) != 0;
            }
        }

        return true;
    }

    /// <summary>Reads an IP address; returns its length, 4 or 16, or 0 when it is none.</summary>
    public static int TryReadAddress(ReadOnlySpan<byte> text, Span<byte> address)
    {
        if (text.Length >= LongestText)
        {
            return 0;
        }

        Span<byte> terminated = stackalloc byte[LongestText];
        text.CopyTo(terminated);
        terminated[text.Length] = 0;
        var isIPv6 = text.Contains((byte)':');
        fixed (byte* source = terminated, target = address)
        {
            return inet_pton(isIPv6 ? IPv6 : IPv4, source, target) == 1 ? (isIPv6 ? 16 : 4) : 0;
        }
    }

    /// <summary><c>192.0.2.1:80</c> or <c>[::1]:80</c>.</summary>
    public override readonly string ToString()
    {
        var text = stackalloc byte[LongestText];
        fixed (byte* address = rest)
        {
            _ = inet_ntop(family, address + (IsIPv6 ? 4 : 0), text, LongestText);
        }

        var name = Marshal.PtrToStringUTF8((nint)text);
        return FormattableString.Invariant($"{(IsIPv6 ? $"[{name}]" : name)}:{Port}");
    }

    public readonly bool Equals(InternetEndpoint other) => this == other;

    public override readonly bool Equals(object? other) => other is InternetEndpoint endpoint && this == endpoint;

    public override readonly int GetHashCode() => networkPort;

    private static uint Link(string name)
    {
        fixed (byte* pointer = Native.Bytes(name))
        {
            return if_nametoindex(pointer);
        }
    }

    [LibraryImport("libc")]
    private static partial int inet_pton(int family, byte* text, byte* address);

    [LibraryImport("libc")]
    private static partial nint inet_ntop(int family, byte* address, byte* text, uint size);

    [LibraryImport("libc")]
    private static partial uint if_nametoindex(byte* name);
}
