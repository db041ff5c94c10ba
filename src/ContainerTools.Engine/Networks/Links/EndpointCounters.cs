using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks.Links;

/// <summary>
/// Counters of endpoints at one moment. Those on bridges are read at the host's end of their links, of all containers in one request; only others need a look into their
/// namespaces, a third of a millisecond each.
/// </summary>
internal sealed class EndpointCounters(HostNetwork host, ContainerNamespaces namespaces)
{
    private readonly Dictionary<string, Dictionary<string, LinkStatistics>> _inside = [];
    private Dictionary<string, LinkStatistics>? _hostEnds;

    /// <summary>An endpoint's counters as the container sees them; null when its link is not there.</summary>
    public LinkStatistics? Of(string containerId, EndpointPlan plan)
    {
        if (plan.Network.IsBridge)
        {
            _hostEnds ??= Read(host.Links.GetLinks());
            return _hostEnds.TryGetValue(plan.HostInterfaceName, out var end) ? Mirror(end) : null;
        }

        if (!_inside.TryGetValue(containerId, out var links))
        {
            _inside[containerId] = links = Read(namespaces.LinksOf(containerId) ?? []);
        }

        return links.TryGetValue(plan.InterfaceName, out var link) ? link : null;
    }

    private static Dictionary<string, LinkStatistics> Read(IReadOnlyList<Link> links) => links.ToDictionary(link => link.Name, link => link.Statistics);

    // What one end of a veth pair sends, the other receives (veth(4)).
    private static LinkStatistics Mirror(LinkStatistics end) => end with
    {
        ReceivedPackets = end.SentPackets,
        SentPackets = end.ReceivedPackets,
        ReceivedBytes = end.SentBytes,
        SentBytes = end.ReceivedBytes,
        ReceiveErrors = end.SendErrors,
        SendErrors = end.ReceiveErrors,
        ReceivesDropped = end.SendsDropped,
        SendsDropped = end.ReceivesDropped,
    };
}
