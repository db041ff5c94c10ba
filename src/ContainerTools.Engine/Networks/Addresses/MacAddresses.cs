using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ContainerTools.Engine.Networks.Addresses;

/// <summary>Hardware addresses of containers' interfaces: locally administered, unicast (IEEE 802, the two low bits of the first byte are 10).</summary>
internal static class MacAddresses
{
    /// <summary>
    /// <c>02:42</c> and the four bytes of an IPv4 address, as Docker makes them: who gets an address again also gets its hardware address, and no neighbour's cache is
    /// wrong. Random behind <c>02:42</c> where there is no IPv4 address.
    /// </summary>
    public static PhysicalAddress For(IPAddress? address)
    {
        var bytes = new byte[6];
        bytes[0] = 0x02;
        bytes[1] = 0x42;
        if (address is { AddressFamily: AddressFamily.InterNetwork })
        {
            address.TryWriteBytes(bytes.AsSpan(2), out _);
        }
        else
        {
            RandomNumberGenerator.Fill(bytes.AsSpan(2));
        }

        return new PhysicalAddress(bytes);
    }

    /// <summary>Reads <c>02:42:0a:59:04:02</c>, with ':' or '-'. Throws <c>InvalidMacAddress</c>.</summary>
    public static PhysicalAddress Parse(string text)
    {
        var words = text.Split(':', '-');
        var bytes = new byte[6];
        for (var index = 0; index < words.Length; index++)
        {
            if (words.Length != 6 || words[index].Length != 2
                || !byte.TryParse(words[index], System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out bytes[index]))
            {
                throw Invalid(text, "write six bytes in hexadecimal digits, like 02:42:0a:59:04:02");
            }
        }

        return (bytes[0] & 1) != 0 ? throw Invalid(text, "it is a multicast address")
            : bytes.All(value => value == 0) ? throw Invalid(text, "all zero is no address")
            : new PhysicalAddress(bytes);
    }

    private static ContainerToolsException Invalid(string text, string why) =>
        new(ErrorKind.InvalidArgument, "InvalidMacAddress", $"The hardware address '{text}' is not valid: {why}.", text);
}
