using System.Net;
using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Netlink;

/// <summary>Layout and reading of RTM_NEWADDR messages (linux/if_addr.h: struct ifaddrmsg, IFA_*).</summary>
internal static class AddressMessage
{
    public const int HeaderSize = 8;
    public const int IndexOffset = 4;
    public const int AddressAttribute = 1;
    public const int LocalAttribute = 2;
    public const int BroadcastAttribute = 4;
    public const int FlagsAttribute = 8;

    /// <summary>The address, or nothing when it is of another family than IPv4 and IPv6.</summary>
    public static IEnumerable<LinkAddress> Read(ReadOnlySpan<byte> payload)
    {
        if (payload[0] is not (AddressFamilyNumber.IPv4 or AddressFamilyNumber.IPv6))
        {
            return [];
        }

        IPAddress? address = null;
        IPAddress? local = null;
        IPAddress? broadcast = null;
        var flags = (AddressFlags)payload[2];
        var attributes = new NetlinkAttributes(payload[HeaderSize..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case AddressAttribute:
                    address = new IPAddress(attributes.Value);
                    break;
                case LocalAttribute:
                    local = new IPAddress(attributes.Value);
                    break;
                case BroadcastAttribute:
                    broadcast = new IPAddress(attributes.Value);
                    break;
                case FlagsAttribute:
                    flags = (AddressFlags)attributes.Number<uint>();
                    break;
            }
        }

        // IPv6 has IFA_LOCAL only where the other side's address stands in IFA_ADDRESS.
        return (local ?? address) is { } own
            ? [new LinkAddress(MemoryMarshal.Read<int>(payload[IndexOffset..]), own, payload[1]) { Broadcast = broadcast, Flags = flags }]
            : [];
    }
}
