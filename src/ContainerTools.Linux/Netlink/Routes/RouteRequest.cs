using System.Net;

namespace ContainerTools.Linux.Netlink;

/// <summary>Requests that add and delete unicast routes of the main table.</summary>
public static class RouteRequest
{
    private const byte MainTable = 254;
    private const byte StaticProtocol = 4;
    private const byte UniverseScope = 0;
    private const byte LinkScope = 253;
    private const byte NowhereScope = 255; // in a deletion: any
    private const byte Unicast = 1;
    private const ushort Acknowledged = NetlinkRequest.Request | NetlinkRequest.Acknowledge;

    /// <summary>Adds a route; EEXIST when there is one with that destination and metric, ENETUNREACH when its gateway is on no link.</summary>
    /// <exception cref="ArgumentException">Gateway or source are of another family than the destination, or there is neither gateway nor link.</exception>
    public static NetlinkRequest Add(Route route)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (route.Gateway is null && route.Link is null)
        {
            throw new ArgumentException($"The route to {route} needs a gateway or a link.", nameof(route));
        }

        return Make(
            "RTM_NEWROUTE", RouteMessageType.NewRoute, Acknowledged | NetlinkRequest.Create | NetlinkRequest.Exclusive, route,
            StaticProtocol, route.Gateway is null ? LinkScope : UniverseScope, Unicast);
    }

    /// <summary>Deletes the first route that agrees in destination and in all else that is set; ESRCH when there is none.</summary>
    /// <exception cref="ArgumentException">Gateway or source are of another family than the destination.</exception>
    public static NetlinkRequest Delete(Route route) => Make("RTM_DELROUTE", RouteMessageType.DeleteRoute, Acknowledged, route, protocol: 0, NowhereScope, type: 0);

    internal static NetlinkRequest GetAll()
    {
        var writer = new NetlinkWriter(RouteMessageType.GetRoute, NetlinkRequest.Request | NetlinkRequest.Dump);
        Span<byte> header = writer.Take(RouteMessage.HeaderSize);
        header[RouteMessage.TableOffset] = MainTable;
        header[RouteMessage.TypeOffset] = Unicast;
        return new NetlinkRequest("RTM_GETROUTE", "routes", writer);
    }

    private static NetlinkRequest Make(string operation, ushort messageType, ushort flags, Route route, byte protocol, byte scope, byte type)
    {
        ArgumentNullException.ThrowIfNull(route);
        IPAddress destination = route.Destination.BaseAddress;
        if ((route.Gateway ?? destination).AddressFamily != destination.AddressFamily || (route.Source ?? destination).AddressFamily != destination.AddressFamily)
        {
            throw new ArgumentException($"Gateway and source of the route to {route} must be of its destination's family.", nameof(route));
        }

        var writer = new NetlinkWriter(messageType, flags);
        Span<byte> header = writer.Take(RouteMessage.HeaderSize);
        header[0] = AddressFamilyNumber.Of(destination);
        header[1] = (byte)route.Destination.PrefixLength;
        header[RouteMessage.TableOffset] = MainTable;
        header[RouteMessage.ProtocolOffset] = protocol;
        header[RouteMessage.ScopeOffset] = scope;
        header[RouteMessage.TypeOffset] = type;
        header[RouteMessage.FlagsOffset] = route.OnLink ? RouteMessage.OnLink : (byte)0;
        if (route.Destination.PrefixLength > 0)
        {
            writer.Attribute(RouteMessage.DestinationAttribute, destination.GetAddressBytes());
        }

        if (route.Gateway is { } gateway)
        {
            writer.Attribute(RouteMessage.GatewayAttribute, gateway.GetAddressBytes());
        }

        if (route.Link is { } link)
        {
            writer.Number(RouteMessage.LinkAttribute, link);
        }

        if (route.Metric is { } metric)
        {
            writer.Number(RouteMessage.MetricAttribute, metric);
        }

        if (route.Source is { } source)
        {
            writer.Attribute(RouteMessage.SourceAttribute, source.GetAddressBytes());
        }

        return new NetlinkRequest(operation, route.ToString(), writer);
    }
}
