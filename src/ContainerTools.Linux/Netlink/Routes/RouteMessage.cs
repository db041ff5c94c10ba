using System.Net;
using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Netlink;

/// <summary>Layout and reading of RTM_NEWROUTE messages (linux/rtnetlink.h: struct rtmsg, struct rtnexthop, RTA_*).</summary>
internal static class RouteMessage
{
    public const int HeaderSize = 12;
    public const int TableOffset = 4;
    public const int ProtocolOffset = 5;
    public const int ScopeOffset = 6;
    public const int TypeOffset = 7;
    public const int FlagsOffset = 8;
    public const int DestinationAttribute = 1;
    public const int LinkAttribute = 4;
    public const int GatewayAttribute = 5;
    public const int MetricAttribute = 6;
    public const int SourceAttribute = 7;
    public const int HopsAttribute = 9;
    public const byte OnLink = 4; // RTNH_F_ONLINK
    private const int HopSize = 8;

    /// <summary>The route, once for each next hop; nothing when it is of another family than IPv4 and IPv6.</summary>
    public static IEnumerable<Route> Read(ReadOnlySpan<byte> payload)
    {
        if (payload[0] is not (AddressFamilyNumber.IPv4 or AddressFamilyNumber.IPv6))
        {
            return [];
        }

        IPAddress destination = payload[0] == AddressFamilyNumber.IPv4 ? IPAddress.Any : IPAddress.IPv6Any;
        ReadOnlySpan<byte> hops = default;
        Route route = new(default) { OnLink = (payload[FlagsOffset] & OnLink) != 0 };
        var attributes = new NetlinkAttributes(payload[HeaderSize..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case DestinationAttribute:
                    destination = new IPAddress(attributes.Value);
                    break;
                case GatewayAttribute:
                    route = route with { Gateway = new IPAddress(attributes.Value) };
                    break;
                case LinkAttribute:
                    route = route with { Link = attributes.Number<int>() };
                    break;
                case MetricAttribute:
                    route = route with { Metric = attributes.Number<uint>() };
                    break;
                case SourceAttribute:
                    route = route with { Source = new IPAddress(attributes.Value) };
                    break;
                case HopsAttribute:
                    hops = attributes.Value;
                    break;
            }
        }

        route = route with { Destination = new IPNetwork(destination, payload[1]) };
        return hops.IsEmpty ? [route] : ReadHops(route, hops);
    }

    private static List<Route> ReadHops(Route route, ReadOnlySpan<byte> hops)
    {
        var result = new List<Route>();
        while (hops.Length >= HopSize && MemoryMarshal.Read<ushort>(hops) is var length && length >= HopSize && length <= hops.Length)
        {
            Route hop = route with { OnLink = (hops[2] & OnLink) != 0, Link = MemoryMarshal.Read<int>(hops[4..]) };
            var attributes = new NetlinkAttributes(hops[HopSize..length]);
            while (attributes.Next())
            {
                if (attributes.Type == GatewayAttribute)
                {
                    hop = hop with { Gateway = new IPAddress(attributes.Value) };
                }
            }

            result.Add(hop);
            hops = hops[Math.Min((length + 3) & ~3, hops.Length)..];
        }

        return result;
    }
}
