using System.Net;

namespace ContainerTools.Linux.Firewall;

/// <summary>
/// A rule about connections of containers to containers. Deny goes before allow. Answers always pass; connections that a policy denies from now on are cut. It sees what
/// goes through the host, so networks of its containers must have <see cref="FirewallNetwork.ContainersTalkByHost"/>. What the host's own programs send to containers it
/// does not see.
/// </summary>
public sealed record FirewallPolicy
{
    /// <summary>Identity: 1 to 64 letters, digits and '_'.</summary>
    public required string Id { get; init; }

    /// <summary>What it does.</summary>
    public required FirewallPolicyAction Action { get; init; }

    /// <summary>Addresses of containers that connect.</summary>
    public IReadOnlyList<IPAddress> From { get; init; } = [];

    /// <summary>Addresses of containers that are connected to, by their own addresses or by published ports.</summary>
    public IReadOnlyList<IPAddress> To { get; init; } = [];

    /// <summary>Deny also what comes from outside of all networks of the store, by published ports or routing.</summary>
    public bool FromOutside { get; init; }

    /// <summary>Deny also what goes outside of all networks of the store.</summary>
    public bool ToOutside { get; init; }

    /// <summary>Ports of the container that is connected to; none means all, and other protocols such as ICMP.</summary>
    public IReadOnlyList<FirewallPortRange> Ports { get; init; } = [];

    /// <summary>What makes its rules, all but the addresses: those are elements of sets.</summary>
    internal string Definition => $"{Id} {Action} {FromOutside} {ToOutside} {string.Join(", ", JoinedPorts)}";

    /// <summary>Its ports, in order, and none twice: the kernel takes no overlapping intervals.</summary>
    internal IEnumerable<FirewallPortRange> JoinedPorts
    {
        get
        {
            FirewallPortRange? open = null;
            foreach (var range in Ports.OrderBy(range => range.Protocol).ThenBy(range => range.First))
            {
                if (open is { } joined && joined.Protocol == range.Protocol && range.First <= joined.Last + 1)
                {
                    open = joined with { Last = Math.Max(joined.Last, range.Last) };
                    continue;
                }

                if (open is { } ended)
                {
                    yield return ended;
                }

                open = range;
            }

            if (open is { } last)
            {
                yield return last;
            }
        }
    }

    /// <summary>Name of one of its sets of addresses.</summary>
    internal static string Set(string id, bool from, string family) => $"policy_{id}_{(from ? "from" : "to")}_{family}";
}
