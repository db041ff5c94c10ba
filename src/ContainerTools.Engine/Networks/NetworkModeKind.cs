namespace ContainerTools.Engine.Networks;

/// <summary>Whose network a container uses.</summary>
internal enum NetworkModeKind
{
    /// <summary>Its own, connected to networks of the store.</summary>
    Networks,

    /// <summary>Its own, with nothing but a loopback.</summary>
    None,

    /// <summary>The host's.</summary>
    Host,

    /// <summary>Another container's.</summary>
    Container,

    /// <summary>An existing network namespace.</summary>
    Path,
}
