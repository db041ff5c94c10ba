namespace ContainerTools;

/// <summary>How containers of a network are connected.</summary>
public enum NetworkDriver
{
    /// <summary>By a bridge of the host's, behind its address translation and firewall.</summary>
    Bridge,

    /// <summary>By links with hardware addresses of their own upon a link of the host's.</summary>
    Macvlan,

    /// <summary>By links that share the hardware address of a link of the host's (Linux 4.2).</summary>
    Ipvlan,
}
