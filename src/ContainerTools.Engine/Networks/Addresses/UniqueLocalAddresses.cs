using System.Net;
using System.Security.Cryptography;

namespace ContainerTools.Engine.Networks.Addresses;

/// <summary>IPv6 subnets that need nobody's permission (unique local addresses, RFC 4193).</summary>
internal static class UniqueLocalAddresses
{
    private const int GlobalIdBytes = 5;

    /// <summary>A prefix <c>fdXX:XXXX:XXXX::/48</c> with a random global id (RFC 4193 section 3.2): made once for a store.</summary>
    public static IPNetwork NewPrefix()
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        bytes[0] = 0xfd;
        RandomNumberGenerator.Fill(bytes.Slice(1, GlobalIdBytes));
        return new IPNetwork(new IPAddress(bytes), 48);
    }

    /// <summary>The first /64 of the prefix that overlaps nothing in <paramref name="taken"/>. Throws <c>AddressPoolExhausted</c>.</summary>
    public static Subnet FindFree(IPNetwork prefix, IReadOnlyCollection<IPNetwork> taken) => SubnetPool.FindFree([new SubnetPool(prefix, 64)], taken);
}
