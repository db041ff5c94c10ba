using System.Net;
using System.Net.Sockets;

namespace ContainerTools.Linux.Firewall;

/// <summary>Refuses what must not get into the text of rules. Throws <see cref="ArgumentException"/>.</summary>
internal static class FirewallValidation
{
    private const int MostBridgeCharacters = 15; // IFNAMSIZ of linux/if.h, less the NUL

    private const int MostTableCharacters = 64; // the kernel takes 255

    public static void CheckTable(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Require(
            name.Length is > 0 and <= MostTableCharacters && char.IsAsciiLetter(name[0]) && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'),
            $"'{name}' cannot name a table: 1 to {MostTableCharacters} letters, digits, '-' and '_', the first a letter.");
    }

    public static void Check(FirewallHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var bridges = new HashSet<string>(StringComparer.Ordinal);
        foreach (var network in host.Networks)
        {
            Check(network);
            Require(bridges.Add(network.Bridge), $"Two networks use the bridge {network.Bridge}. Give each a bridge of its own.");
        }

        CheckOverlaps(host.Networks.Where(network => network.GatewayMode != FirewallGatewayMode.Routed).SelectMany(network => network.Ports));
        FirewallPolicyValidation.Check(host);
    }

    private static void Check(FirewallNetwork network)
    {
        CheckLink(network.Bridge);
        if (network.Vrf is { } vrf)
        {
            CheckLink(vrf);
        }

        Require(Enum.IsDefined(network.GatewayMode), $"Network {network.Bridge}: no such gateway mode.");
        foreach (var subnet in network.Subnets)
        {
            Require(subnet.PrefixLength > 0, $"Network {network.Bridge}: {subnet} is everything, not a subnet. Give it a prefix length.");
        }

        var closed = network.Internal || network.GatewayMode == FirewallGatewayMode.Isolated;
        Require(!closed || network.Ports.Count == 0, $"Network {network.Bridge} is internal, so it can publish no ports. Publish on another network, or make this one not internal.");
        foreach (var port in network.Ports)
        {
            Check(network, port);
        }
    }

    // Stricter than the kernel, which allows quotes, semicolons, braces and the wildcard of nft in names.
    private static void CheckLink(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Require(
            name.Length is > 0 and <= MostBridgeCharacters
                && char.IsAsciiLetterOrDigit(name[0])
                && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'),
            $"'{name}' cannot name a bridge or VRF: 1 to {MostBridgeCharacters} letters, digits, '-', '_' and '.', the first a letter or digit.");
    }

    private static void Check(FirewallNetwork network, PublishedPort port)
    {
        Require(Enum.IsDefined(port.Protocol), $"Port {port}: no such protocol.");
        Require(port.HostPort > 0 && port.ContainerPort > 0, $"Port {port}: ports start at 1.");
        Require(
            port.Count > 0 && port.Count - 1 <= ushort.MaxValue - Math.Max(port.HostPort, port.ContainerPort),
            $"Port {port}: a range has at least one port and ends at {ushort.MaxValue} at the latest.");
        Require(port.HostAddress.AddressFamily == port.ContainerAddress.AddressFamily, $"Port {port}: the addresses of host and container must be of one family.");
        Require(
            IsPlain(port.HostAddress) && IsPlain(port.ContainerAddress),
            $"Port {port}: addresses must be IPv4, or IPv6 without a zone that maps no IPv4 address.");
        Require(
            !port.HostAddress.Equals(IPAddress.IPv6Loopback),
            $"Port {port}: the kernel routes no packet from ::1 to another link. Publish on 127.0.0.1, or on another address of the host.");
        Require(
            network.Subnets.Any(subnet => subnet.Contains(port.ContainerAddress)),
            $"Port {port}: {port.ContainerAddress} is not in a subnet of network {network.Bridge} ({string.Join(", ", network.Subnets)}).");
    }

    // The kernel refuses only some overlaps of map elements, and whichever of the others came first would win.
    private static void CheckOverlaps(IEnumerable<PublishedPort> ports)
    {
        foreach (var group in ports.GroupBy(port => (port.Protocol, port.HostAddress.AddressFamily)))
        {
            var open = new List<PublishedPort>();
            foreach (var port in group.OrderBy(port => port.HostPort))
            {
                open.RemoveAll(earlier => earlier.HostPort + earlier.Count <= port.HostPort);
                var other = open.Find(earlier => IsAny(earlier.HostAddress) || IsAny(port.HostAddress) || earlier.HostAddress.Equals(port.HostAddress));
                Require(other is null, $"Port {port} is published already: {other}. Choose another port or address of the host.");
                open.Add(port);
            }
        }
    }

    internal static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    internal static bool IsPlain(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => true,
        AddressFamily.InterNetworkV6 => address.ScopeId == 0 && !address.IsIPv4MappedToIPv6,
        _ => false,
    };

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
