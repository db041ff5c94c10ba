namespace ContainerTools;

/// <summary>What a network policy does with the packets it fits.</summary>
public enum PolicyAction
{
    /// <summary>Lets them through, also where a default-deny policy or the isolation of networks would not.</summary>
    Allow,

    /// <summary>Drops them, whatever other policies allow.</summary>
    Deny,

    /// <summary>Drops what no other policy allows.</summary>
    DefaultDeny,
}
