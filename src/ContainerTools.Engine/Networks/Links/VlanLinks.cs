using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks.Links;

/// <summary>VLANs of the host's links that macvlan and ipvlan networks are put upon. One that is there is used; one that is not is made, and taken away with the last network upon it.</summary>
/// <param name="host">The host's namespace.</param>
/// <param name="owner">What tells the store from others on this host; it stands in the alias of what it made.</param>
internal sealed class VlanLinks(HostNetwork host, string owner)
{
    private string Alias => $"{owner} vlan";

    /// <summary>The link that a network is to be put upon; null when it is a VLAN that can be made. Throws <c>ParentNotFound</c>, <c>ParentDown</c>, <c>VlanInUse</c>, <c>InterfaceNameInUse</c>, <c>VlanUnavailable</c>.</summary>
    public static Link? FindUpon(HostNetwork host, NetworkSpec spec)
    {
        var links = host.Links.GetLinks();
        var parent = links.FirstOrDefault(link => link.Name == spec.Parent) ?? throw NetworkErrors.ParentNotFound(spec.Parent!);
        if (spec.Vlan is not { } vlan)
        {
            return parent;
        }

        var name = NetworkRecord.UponOf(spec)!;
        if (links.FirstOrDefault(link => link.Kind == "vlan" && link.Parent == parent.Index && link.VlanId == vlan) is { } found)
        {
            return found.Name == name ? found : throw new ContainerToolsException(
                ErrorKind.Conflict, "VlanInUse", $"The VLAN {vlan} of '{parent.Name}' is the link '{found.Name}' already.", found.Name, $"Put the network upon that: -Parent {found.Name}, without -Vlan.");
        }

        if (links.Any(link => link.Name == name))
        {
            throw new ContainerToolsException(
                ErrorKind.Conflict, "InterfaceNameInUse", $"The host has a link '{name}' that is not the VLAN {vlan} of '{parent.Name}'.", name, "Remove or rename that link.");
        }

        LinkRequirements.RequireVlans(spec.Name);
        return parent.IsUp ? null : throw new ContainerToolsException(
            ErrorKind.Unavailable, "ParentDown", $"The link '{parent.Name}' is down, and so no VLAN of it can be set up.", parent.Name, $"Set it up: ip link set {parent.Name} up.");
    }

    /// <summary>Sees to it that the link is there that a network is put upon; the caller holds the lock on networks. See <see cref="FindUpon"/> for what it throws.</summary>
    public void Ensure(NetworkRecord network)
    {
        if (FindUpon(host, network.Spec) is null)
        {
            // In one sending: whoever is killed in between leaves no link that nobody knows.
            host.Links.Execute(
                LinkRequest.Create(new NewLink(network.Upon!, new VlanKind(host.Links.FindLink(network.Spec.Parent!)!.Index, network.Spec.Vlan!.Value))),
                LinkRequest.Change(network.Upon!, new LinkChange { Alias = Alias, Up = true }));
        }
    }

    /// <summary>Removes the VLAN that a network was put upon, if it was made here; the caller holds the lock on networks, and no other network is upon it.</summary>
    public void Remove(NetworkRecord network)
    {
        if (List().Contains(network.Upon))
        {
            host.Links.Execute(LinkRequest.Delete(network.Upon!));
        }
    }

    /// <summary>Names of the VLANs that were made here.</summary>
    public IReadOnlyList<string> List() => [.. host.Links.GetLinks().Where(link => link.Kind == "vlan" && link.Alias == Alias).Select(link => link.Name)];
}
