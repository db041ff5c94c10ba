namespace ContainerTools;

/// <summary>Where packets of an ipvlan network are handled (Documentation/networking/ipvlan.rst).</summary>
public enum IpvlanMode
{
    /// <summary>The parent switches; containers do their own routing and hear broadcasts.</summary>
    L2,

    /// <summary>The host routes; no broadcasts.</summary>
    L3,

    /// <summary>As <see cref="L3"/>, and the host's connection tracking and firewall see the packets.</summary>
    L3S,
}
