using ContainerTools.Engine.Networks.Addresses;

namespace ContainerTools.Engine.Networks;

/// <summary>A network of the catalogue.</summary>
internal sealed record NetworkRecord(string Id, DateTimeOffset Created, NetworkSpec Spec, IReadOnlyList<Subnet> Subnets)
{
    public string Name => Spec.Name;

    /// <summary>Name of its bridge: 15 characters at most (IFNAMSIZ), so that of the id there is room for 12 digits.</summary>
    public string Bridge => Spec.InterfaceName ?? $"ct-{Id[..12]}";

    public bool IsBridge => Spec.Driver == NetworkDriver.Bridge;

    /// <summary>Name of the link of the host's that its containers' links are put upon; null for a bridge.</summary>
    public string? Upon => UponOf(Spec);

    /// <summary>Whether its containers have hardware addresses of their own. An ipvlan has its parent's, and so has the one macvlan that is alone upon its parent.</summary>
    public bool HasHardwareAddresses => Spec is { Driver: NetworkDriver.Bridge } or { Driver: NetworkDriver.Macvlan, MacvlanMode: not MacvlanMode.Passthru };

    /// <summary>Name of the link that containers' links are put upon: the parent, or the parent's VLAN, which goes by the usual name; null for a bridge.</summary>
    public static string? UponOf(NetworkSpec spec) => spec is { Parent: { } parent, Vlan: { } vlan } ? FormattableString.Invariant($"{parent}.{vlan}") : spec.Parent;
}
