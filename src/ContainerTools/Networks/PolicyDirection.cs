namespace ContainerTools;

/// <summary>Which packets of a container a default-deny policy is about.</summary>
public enum PolicyDirection
{
    /// <summary>Connections to it.</summary>
    Inbound,

    /// <summary>Connections from it.</summary>
    Outbound,

    /// <summary>Both.</summary>
    Both,
}
