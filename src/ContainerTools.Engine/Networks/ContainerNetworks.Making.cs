using System.Net;
using System.Net.Sockets;
using ContainerTools.Engine.Networks.Addresses;
using ContainerTools.Engine.Networks.Links;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks;

/// <content>Making and removing networks.</content>
internal sealed partial class ContainerNetworks
{
    private const int SmallestMtu = 68;
    private const int SmallestMtuOfIPv6 = 1280;
    private const int LargestMtu = 65535;
    private const int LargestVlan = 4094;

    /// <summary>Adds a network; its bridge is made when a container needs it. See <see cref="INetworkOperations.Create"/> for what it throws.</summary>
    public NetworkRecord Add(NetworkSpec spec)
    {
        NetworkNames.Check(spec.Name);
        var subnets = Subnets(spec);
        var withIPv6 = spec.IPv6 ?? HostForwarding.HasIPv6(_host);
        CheckOptions(spec, withIPv6 || subnets.Any(subnet => subnet.Family == AddressFamily.InterNetworkV6));
        var (routes, names) = NetworkErrors.Translate("The host's links and routes cannot be read", spec.Name, () =>
        {
            LinkRequirements.Check(_host, spec);
            return (_host.Links.GetRoutes(), spec.InterfaceName is null ? [] : _host.Links.GetLinks().Select(link => link.Name).ToHashSet());
        });

        if (spec.InterfaceName is { } name && (names.Contains(name) || Store.List().Any(other => other.Bridge == name)))
        {
            throw new ContainerToolsException(ErrorKind.Conflict, "InterfaceNameInUse", $"The host has a link '{name}' already.", name, "Choose another -InterfaceName, or leave it out.");
        }

        return Store.Add(spec, subnets, withIPv6, _settings.Pools, [.. routes.Select(route => route.Destination).Where(destination => destination.PrefixLength > 0)]);
    }

    /// <summary>Removes a network that no container is connected to, with everything of it on the host. Throws <c>NetworkNotFound</c>, <c>NetworkInUse</c>.</summary>
    public void Remove(string network)
    {
        // The row goes first: from then on no container can be connected. Its bridge is found by repair if this is cut off here.
        var removed = Store.Remove(network);
        _fabric.Remove(removed);
        _names.Remove(removed);
    }

    /// <summary>Kinds and names of bridges and VLANs of this store whose network is gone: its removal was cut off.</summary>
    public IReadOnlyList<(string Kind, string Name)> FindForeignLinks()
    {
        var known = Store.List();
        return NetworkErrors.Translate<IReadOnlyList<(string, string)>>("The host's links cannot be read", null, () =>
        [
            .. _bridges.List().Where(bridge => !known.Any(network => network.Id == bridge.NetworkId)).Select(bridge => ("Bridge", bridge.Name)),
            .. _vlans.List().Where(vlan => !known.Any(network => network.Upon == vlan)).Select(vlan => ("Link", vlan)),
        ]);
    }

    /// <summary>Removes a link that <see cref="FindForeignLinks"/> found. Rules of a bridge match nothing any more; they go with the next making of all rules.</summary>
    public void RemoveLink(string name) => NetworkErrors.Translate($"The link '{name}' cannot be removed", name, () =>
    {
        _host.Links.Execute(LinkRequest.Delete(name));
        return true;
    });

    private static List<Subnet> Subnets(NetworkSpec spec)
    {
        var networks = spec.Subnet.Select(text => (Text: text, Network: Subnet.Create(text).Network)).ToList();
        var gateways = Assign(spec.Gateway, networks, "InvalidGateway", address => IPAddress.TryParse(address, out var parsed) ? parsed : null);
        var ranges = Assign(spec.IPRange, networks, "InvalidAddressRange", range => IPNetwork.TryParse(range, out var parsed) ? parsed.BaseAddress : null);
        var reserved = Assign(spec.ReservedAddress, networks, "InvalidReservedAddress", address => IPAddress.TryParse(address, out var parsed) ? parsed : null);
        if (gateways.Concat(ranges).FirstOrDefault(group => group.Count() > 1) is { } several)
        {
            throw NetworkErrors.Invalid("InvalidSubnet", $"The subnet {several.Key} has one gateway and one range, not {string.Join(" and ", several)}.", several.Key, "Give each subnet one.");
        }

        return [.. networks.Select(network => Subnet.Create(network.Text, gateways[network.Text].FirstOrDefault(), ranges[network.Text].FirstOrDefault(), [.. reserved[network.Text]]))];
    }

    private static ILookup<string, string> Assign(IReadOnlyList<string> values, List<(string Text, IPNetwork Network)> networks, string code, Func<string, IPAddress?> addressOf) =>
        values.ToLookup(value => addressOf(value) is { } address && networks.Find(network => network.Network.Contains(address)) is { Text: { } text }
            ? text
            : throw NetworkErrors.Invalid(code, networks.Count == 0 ? $"'{value}' needs a subnet that it is part of." : $"'{value}' is in none of the subnets {string.Join(", ", networks.Select(network => network.Text))}.", value, "Name the subnet (-Subnet)."));

    /// <summary>Throws <c>InvalidNetworkOption</c>.</summary>
    public static void CheckNameServers(NetworkSpec spec)
    {
        if (spec.Dns.Count > 0 && spec.NoDns)
        {
            throw NetworkErrors.Invalid(
                "InvalidNetworkOption", $"The network '{spec.Name}' cannot have name servers: they are for the resolver that -NoDns leaves out.", spec.Name, "Leave -Dns out.");
        }

        if (spec.Dns.FirstOrDefault(server => !IPAddress.TryParse(server, out _)) is { } wrong)
        {
            throw NetworkErrors.Invalid("InvalidNetworkOption", $"'{wrong}' is no IP address of a name server.", wrong, "Give addresses, such as 192.0.2.53.");
        }
    }

    private static void CheckOptions(NetworkSpec spec, bool hasIPv6)
    {
        var bridge = spec.Driver == NetworkDriver.Bridge;
        Require(bridge == (spec.Parent is null), "Parent", bridge ? $"a bridge has no parent link; macvlan and ipvlan networks do" : "a network of this driver needs the host's link that it is put upon (-Parent)");
        Require(bridge || spec.InterfaceName is null, "InterfaceName", "only a bridge has a name on the host");
        Require(spec.Vlan is null or (>= 1 and <= LargestVlan), "Vlan", $"a VLAN has a number from 1 to {LargestVlan} (IEEE 802.1Q)");
        Require(bridge || spec.Vlan is null || AttachmentRules.IsInterfaceName(NetworkRecord.UponOf(spec)!), "Vlan", $"its link would be named '{NetworkRecord.UponOf(spec)}', and a name has at most {LinkName.MaximumLength} characters; make the link under another name and put the network upon it (-Parent)");
        Require(bridge || spec.Vrf is null, "Vrf", "only a bridge is a member of a VRF; links of a macvlan or ipvlan network are in their containers, and the host routes nothing of theirs");
        Require(bridge || spec.GatewayMode == GatewayMode.Nat, "GatewayMode", "only a bridge has gateway modes");
        Require(bridge || spec.Icc, "Icc", "only a bridge keeps its containers apart; a macvlan network does in its mode Private");
        Require(spec.GatewayMode != GatewayMode.Isolated || spec.Internal, "GatewayMode", "Isolated is for internal networks (-Internal)");
        Require(spec.InterfaceName is null || AttachmentRules.IsInterfaceName(spec.InterfaceName), "InterfaceName", $"no link can be named '{spec.InterfaceName}': at most {LinkName.MaximumLength} characters without blanks, '/', ':' and '%'");
        Require(spec.Mtu is null || (spec.Mtu >= (hasIPv6 ? SmallestMtuOfIPv6 : SmallestMtu) && spec.Mtu <= LargestMtu), "Mtu", $"a packet has {(hasIPv6 ? SmallestMtuOfIPv6 : SmallestMtu)} to {LargestMtu} bytes{(hasIPv6 ? " where there is IPv6 (RFC 8200)" : "")}");
        CheckNameServers(spec);
        foreach (var route in spec.Route)
        {
            Require(
                IPNetwork.TryParse(route.Destination, out var destination) && IPAddress.TryParse(route.Gateway, out var gateway) && gateway.AddressFamily == destination.BaseAddress.AddressFamily
                && route.Metric is null or >= 0,
                "Route",
                $"'{route}' is no route; write destination,gateway[,metric], such as 10.0.0.0/8,10.89.4.254");
        }

        void Require(bool condition, string option, string why)
        {
            if (!condition)
            {
                throw NetworkErrors.Invalid("InvalidNetworkOption", $"The network '{spec.Name}' cannot be made with this {option}: {why}.", spec.Name, $"Change or leave out -{option}.");
            }
        }
    }
}
