using System.Net;

namespace ContainerTools.Linux.Firewall;

/// <summary>Refuses policies that must not get into the text of rules or that could not hold. Throws <see cref="ArgumentException"/>.</summary>
internal static class FirewallPolicyValidation
{
    private const int MostIdCharacters = 64;

    public static void Check(FirewallHost host)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var policy in host.Policies)
        {
            ArgumentNullException.ThrowIfNull(policy.Id);
            Require(
                policy.Id.Length is > 0 and <= MostIdCharacters && policy.Id.All(character => char.IsAsciiLetterOrDigit(character) || character == '_'),
                $"'{policy.Id}' cannot name a policy: 1 to {MostIdCharacters} letters, digits and '_'.");
            Require(ids.Add(policy.Id), $"There are two policies {policy.Id}.");
            Require(Enum.IsDefined(policy.Action), $"Policy {policy.Id}: no such action.");
            Require(
                policy.Action == FirewallPolicyAction.Deny || !(policy.FromOutside || policy.ToOutside),
                $"Policy {policy.Id}: only Deny can be about what is outside. Publish ports to let others in.");
            foreach (var range in policy.Ports)
            {
                Require(Enum.IsDefined(range.Protocol), $"Policy {policy.Id}: no such protocol.");
                Require(range.First > 0 && range.First <= range.Last, $"Policy {policy.Id}: {range} is no range of ports.");
            }

            CheckAddresses(host, policy.Id, policy.From.Concat(policy.To));
        }

        CheckAddresses(host, "by default", host.DeniedInbound.Concat(host.DeniedOutbound));
    }

    private static void CheckAddresses(FirewallHost host, string policy, IEnumerable<IPAddress> addresses)
    {
        foreach (var address in addresses)
        {
            Require(FirewallValidation.IsPlain(address), $"Policy {policy}: {address} must be IPv4, or IPv6 without a zone that maps no IPv4 address.");
            var network = host.Networks.FirstOrDefault(network => network.Subnets.Any(subnet => subnet.Contains(address)));
            Require(
                network is null || network.ContainersTalkByHost,
                $"Policy {policy}: {address} is in network {network?.Bridge}, whose containers talk to one another past the host. Let them talk by the host.");
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
