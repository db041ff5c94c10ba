using System.Net;
using System.Net.Sockets;

namespace ContainerTools.Linux.Netlink;

/// <summary>Address families as the kernel numbers them (.NET's numbers are those of Windows).</summary>
internal static class AddressFamilyNumber
{
    public const byte IPv4 = 2;
    public const byte Bridge = 7;
    public const byte IPv6 = 10;

    public static byte Of(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? IPv4 : IPv6;
}
