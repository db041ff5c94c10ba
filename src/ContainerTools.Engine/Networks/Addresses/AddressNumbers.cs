using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ContainerTools.Engine.Networks.Addresses;

/// <summary>IP addresses as numbers, to count with.</summary>
internal static class AddressNumbers
{
    public static UInt128 ToNumber(this IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static IPAddress ToAddress(this UInt128 number, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[family == AddressFamily.InterNetwork ? 4 : 16];
        if (bytes.Length == 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        }

        return new IPAddress(bytes);
    }

    /// <summary>Bits of an address of the family.</summary>
    public static int Bits(AddressFamily family) => family == AddressFamily.InterNetwork ? 32 : 128;

    /// <summary>The network's first address, whose host bits are zero.</summary>
    public static UInt128 First(this IPNetwork network) => network.BaseAddress.ToNumber();

    /// <summary>The network's last address, whose host bits are one.</summary>
    public static UInt128 Last(this IPNetwork network)
    {
        var hostBits = Bits(network.BaseAddress.AddressFamily) - network.PrefixLength;
        return network.First() | (hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1);
    }

    /// <summary>True when an address is in both.</summary>
    public static bool Overlaps(this IPNetwork network, IPNetwork other) => network.Contains(other.BaseAddress) || other.Contains(network.BaseAddress);
}
