namespace ContainerTools;

/// <summary>Whom containers of a macvlan network can talk to through their common parent link.</summary>
public enum MacvlanMode
{
    /// <summary>One another, directly.</summary>
    Bridge,

    /// <summary>Not one another.</summary>
    Private,

    /// <summary>One another by way of the switch beyond the parent, which must turn packets round (802.1Qbg).</summary>
    Vepa,

    /// <summary>One container only, which has the parent to itself.</summary>
    Passthru,
}
