namespace ContainerTools.Linux.Firewall;

/// <summary>What a policy does with new connections that fit it.</summary>
public enum FirewallPolicyAction
{
    /// <summary>Lets them through, also between networks and where <see cref="FirewallHost.DeniedInbound"/> or <see cref="FirewallHost.DeniedOutbound"/> would not.</summary>
    Allow,

    /// <summary>Drops them, whatever other policies allow.</summary>
    Deny,
}
