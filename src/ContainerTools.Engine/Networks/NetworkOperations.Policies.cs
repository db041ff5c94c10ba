using ContainerTools.Engine.Networks.Policies;

namespace ContainerTools.Engine.Networks;

/// <content>Policies.</content>
internal sealed partial class NetworkOperations
{
    public NetworkPolicy AddPolicy(NetworkPolicy policy)
    {
        NetworkNames.CheckPolicy(policy.Name);
        foreach (var port in policy.Port)
        {
            _ = PolicyPlanner.ParsePort(port);
        }

        if (policy.Action == PolicyAction.DefaultDeny && (policy.Port.Count > 0 || policy.From is not { Network: null, Labels.Count: 0 }))
        {
            throw NetworkErrors.Invalid("InvalidPolicy", $"The policy '{policy.Name}' denies by default, so it names neither ports nor who connects.", policy.Name, "Say whom it is about (To), and let other policies allow.");
        }

        foreach (var network in new[] { policy.From.Network, policy.To.Network }.OfType<string>())
        {
            if (!networks.Store.Get(network).IsBridge)
            {
                throw NetworkErrors.Invalid("InvalidPolicy", $"Policies do not see what goes on on '{network}': only bridges lead by the host's rules.", network, "Name a bridge network.");
            }
        }

        var named = policy with
        {
            From = policy.From with { Network = NameOf(policy.From.Network) },
            To = policy.To with { Network = NameOf(policy.To.Network) },
        };
        if (networks.Settings.FirewallBackend == FirewallBackend.None)
        {
            throw NetworkErrors.Invalid("PolicyNeedsFirewall", "Policies cannot hold: this engine makes no rules (FirewallBackend is None).", policy.Name, "Set-ContainerEngine -FirewallBackend Nftables");
        }

        var added = networks.Policies.Add(named);
        try
        {
            networks.ApplyPolicies();
            return added;
        }
        catch
        {
            // One that does not hold must not look as if it did.
            networks.Policies.Remove(added.Name);
            throw;
        }
    }

    public void RemovePolicy(string name)
    {
        networks.Policies.Remove(name);
        networks.ApplyPolicies();
    }

    private string? NameOf(string? network) => network is null ? null : networks.Store.Get(network).Name;
}
