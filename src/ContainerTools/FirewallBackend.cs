namespace ContainerTools;

/// <summary>Who makes the rules of container networks.</summary>
public enum FirewallBackend
{
    /// <summary>The engine, as a table of nftables.</summary>
    Nftables,

    /// <summary>Nobody: the administrator's own rules must do it. Ports cannot be published.</summary>
    None,
}
