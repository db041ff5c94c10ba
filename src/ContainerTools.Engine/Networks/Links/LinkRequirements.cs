using ContainerTools.Linux;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks.Links;

/// <summary>What networks need of the host's links and of the kernel, found out before anything is made.</summary>
internal static class LinkRequirements
{
    /// <summary>
    /// Throws <c>ParentNotFound</c>, <c>ParentDown</c>, <c>VlanInUse</c>, <c>InterfaceNameInUse</c>, <c>VrfNotFound</c>, <c>VlanUnavailable</c>, <c>VlanFilteringUnavailable</c>.
    /// </summary>
    public static void Check(HostNetwork host, NetworkSpec spec)
    {
        if (spec.Vrf is { } vrf)
        {
            _ = Vrf(host, vrf);
        }

        if (spec.Parent is not null)
        {
            _ = VlanLinks.FindUpon(host, spec);
        }
        else if (spec.Vlan is not null)
        {
            RequireFiltering(spec.Name);
        }
    }

    /// <summary>The VRF of that name. Throws <c>VrfNotFound</c>.</summary>
    public static Link Vrf(HostNetwork host, string name) => host.Links.FindLink(name) is { Kind: "vrf" } link ? link : throw new ContainerToolsException(
        ErrorKind.NotFound, "VrfNotFound", $"The host has no VRF '{name}'.", name, $"Make it, here with a table of its own: ip link add {name} type vrf table 100; ip link set {name} up. The kernel's module is vrf (modprobe vrf).");

    /// <summary>Throws <c>VlanUnavailable</c> when the kernel makes no links of VLANs.</summary>
    public static void RequireVlans(string network) => Try(
        network,
        "VlanUnavailable",
        "a VLAN of its parent, and this kernel makes none",
        "Load its module (modprobe 8021q), or use a kernel with CONFIG_VLAN_8021Q.",
        LinkRequest.Create(new NewLink("a", new VethKind(new VethPeer("b"))) { Index = 11 }),
        LinkRequest.Create(new NewLink("c", new VlanKind(11, 2))));

    private static void RequireFiltering(string network) => Try(
        network,
        "VlanFilteringUnavailable",
        "a bridge that keeps VLANs apart, and this kernel makes none",
        "Use a kernel with CONFIG_BRIDGE_VLAN_FILTERING, or leave -Vlan out and give each VLAN a bridge of its own.",
        LinkRequest.Create(new NewLink("a", new BridgeKind { VlanFiltering = true })));

    // A kernel tells what it can only by doing it; a namespace of its own leaves no trace on the host.
    private static void Try(string network, string code, string need, string mend, params ReadOnlySpan<NetlinkRequest> requests)
    {
        using var scratch = NetworkNamespace.Create();
        using var links = NetlinkSocket.Open(scratch);
        try
        {
            links.Execute(requests);
        }
        catch (LinuxException error) when (error.Errno == LinuxError.NotSupported)
        {
            throw new ContainerToolsException(ErrorKind.Unavailable, code, $"The network '{network}' needs {need}: {error.Message}.", network, mend, error) { Errno = error.Errno, Syscall = error.Syscall };
        }
    }
}
