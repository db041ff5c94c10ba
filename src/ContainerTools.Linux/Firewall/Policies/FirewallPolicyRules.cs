using System.Globalization;
using System.Text;

namespace ContainerTools.Linux.Firewall;

/// <summary>
/// Makes the rules of policies as commands of nft(8): the sets of each, and the chain <c>policies</c>. Which addresses are in the sets is another matter, so that
/// containers come and go without rules being made.
/// </summary>
internal static class FirewallPolicyRules
{
    private static readonly (string Family, string Keyword, string Type)[] s_families = [("ipv4", "ip", "ipv4_addr"), ("ipv6", "ip6", "ipv6_addr")];

    /// <summary>The commands that lead from some policies to others; empty when their rules are the same. The chain is written anew, connections live on.</summary>
    public static string Change(string table, IReadOnlyList<FirewallPolicy> before, IReadOnlyList<FirewallPolicy> after)
    {
        if (before.Select(policy => policy.Definition).ToHashSet().SetEquals(after.Select(policy => policy.Definition)))
        {
            return "";
        }

        var commands = new StringBuilder($"flush chain inet {table} policies\n");
        var (old, young) = (before.Select(policy => policy.Id).ToList(), after.Select(policy => policy.Id).ToList());
        foreach (var set in GoneSets(before, after))
        {
            commands.Append(CultureInfo.InvariantCulture, $"delete set inet {table} {set}\n");
        }

        foreach (var (set, type) in young.Except(old).SelectMany(Sets))
        {
            commands.Append(CultureInfo.InvariantCulture, $"add set inet {table} {set} {{ type {type}; }}\n");
        }

        foreach (var rule in after.OrderByDescending(policy => policy.Action == FirewallPolicyAction.Deny).SelectMany(Rules))
        {
            commands.Append(CultureInfo.InvariantCulture, $"add rule inet {table} policies {rule}\n");
        }

        return commands.ToString();
    }

    /// <summary>The sets that go, and all elements with them.</summary>
    public static IEnumerable<string> GoneSets(IReadOnlyList<FirewallPolicy> before, IReadOnlyList<FirewallPolicy> after) =>
        before.Select(policy => policy.Id).Except(after.Select(policy => policy.Id)).SelectMany(Sets).Select(set => set.Name);

    private static IEnumerable<(string Name, string Type)> Sets(string id)
    {
        foreach (var (family, _, type) in s_families)
        {
            yield return (FirewallPolicy.Set(id, from: true, family), type);
            yield return (FirewallPolicy.Set(id, from: false, family), type);
        }
    }

    private static IEnumerable<string> Rules(FirewallPolicy policy)
    {
        var ports = policy.Ports.Count == 0 ? "" : $" meta l4proto . th dport {{ {string.Join(", ", policy.JoinedPorts)} }}";
        var verdict = policy.Action == FirewallPolicyAction.Deny ? "drop" : "accept";
        foreach (var (family, keyword, _) in s_families)
        {
            var from = $"{keyword} saddr @{FirewallPolicy.Set(policy.Id, from: true, family)}";
            var to = $"{keyword} daddr @{FirewallPolicy.Set(policy.Id, from: false, family)}";

            // Most packets fit few policies: what tells them apart comes first.
            yield return $"{from} {to}{ports} iifname @bridges {verdict}";
            if (policy.FromOutside)
            {
                yield return $"{to}{ports} iifname != @bridges {verdict}";
            }

            if (policy.ToOutside)
            {
                yield return $"{from}{ports} oifname != @bridges {verdict}";
            }
        }
    }
}
