using System.Net;
using System.Security.Cryptography;
using System.Text;
using ContainerTools.Linux.Firewall;

namespace ContainerTools.Engine.Networks.Policies;

/// <summary>From policies and containers to addresses in rules. Pure.</summary>
internal static class PolicyPlanner
{
    private const int LargestPort = 65535;

    /// <summary>Who each policy is about.</summary>
    /// <param name="policies">All policies.</param>
    /// <param name="members">All places of containers on bridge networks.</param>
    /// <param name="networks">Id and name of all bridge networks.</param>
    public static PolicyState Plan(IReadOnlyList<NetworkPolicy> policies, IReadOnlyList<PolicyMember> members, IReadOnlyList<(string Id, string Name)> networks)
    {
        if (policies.Count == 0)
        {
            return PolicyState.Empty;
        }

        var rules = policies.Where(policy => policy.Action != PolicyAction.DefaultDeny);
        var defaults = policies.Where(policy => policy.Action == PolicyAction.DefaultDeny).ToList();
        var selectors = policies.SelectMany(policy => policy.Action == PolicyAction.DefaultDeny ? [policy.To] : (PolicySelector[])[policy.From, policy.To]).ToList();
        return new PolicyState
        {
            Policies = [.. rules.Select(policy => new PolicyMembers(IdOf(policy.Name), policy.Action == PolicyAction.Deny, AddressesOf(members, policy.From), AddressesOf(members, policy.To), policy.Port))],
            DeniedInbound = Denied(PolicyDirection.Outbound),
            DeniedOutbound = Denied(PolicyDirection.Inbound),
            ByHost = [.. networks.Where(network => selectors.Any(selector => selector.Network is null || selector.Network == network.Name)).Select(network => network.Id).Order(StringComparer.Ordinal)],
        };

        IReadOnlyList<string> Denied(PolicyDirection other) =>
            [.. defaults.Where(policy => policy.Direction != other).SelectMany(policy => AddressesOf(members, policy.To)).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The state as the firewall takes it, without networks.</summary>
    public static FirewallHost ToFirewall(PolicyState state) => new()
    {
        Policies = [.. state.Policies.Select(policy => new FirewallPolicy
        {
            Id = policy.Id,
            Action = policy.Denies ? FirewallPolicyAction.Deny : FirewallPolicyAction.Allow,
            From = [.. policy.From.Select(IPAddress.Parse)],
            To = [.. policy.To.Select(IPAddress.Parse)],
            Ports = [.. policy.Ports.Select(port => ParsePort(port))],
        })],
        DeniedInbound = [.. state.DeniedInbound.Select(IPAddress.Parse)],
        DeniedOutbound = [.. state.DeniedOutbound.Select(IPAddress.Parse)],
    };

    /// <summary>Reads <c>5432/tcp</c>, <c>8000-8010/tcp</c>, <c>53/udp</c>, <c>80</c>. Throws <c>InvalidPolicy</c>.</summary>
    public static FirewallPortRange ParsePort(string text)
    {
        var words = text.Split('/');
        var range = words[0].Split('-');
        TransportProtocol? protocol = words.Length == 1 ? TransportProtocol.Tcp : words.Length > 2 ? null : words[1] switch
        {
            "tcp" => TransportProtocol.Tcp,
            "udp" => TransportProtocol.Udp,
            "sctp" => TransportProtocol.Sctp,
            _ => null,
        };
        return protocol is { } named && range.Length <= 2 && int.TryParse(range[0], out var first) && int.TryParse(range[^1], out var last) && first >= 1 && last >= first && last <= LargestPort
            ? new FirewallPortRange(named, (ushort)first, (ushort)last)
            : throw NetworkErrors.Invalid("InvalidPolicy", $"'{text}' is no port of a policy.", text, "Write 5432/tcp, 8000-8010/tcp or 53/udp.");
    }

    private static string[] AddressesOf(IReadOnlyList<PolicyMember> members, PolicySelector selector) =>
        [.. members.Where(member => member.Fits(selector)).SelectMany(member => member.Addresses).Distinct().Order(StringComparer.Ordinal)];

    // Names of sets hold letters, digits and '_' only.
    private static string IdOf(string name) => "p" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));
}
