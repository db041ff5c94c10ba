using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Finds network policies for a cmdlet: a wildcard without a match is silence, a name without one is an error.</summary>
internal static class NetworkPolicyLookup
{
    public static IReadOnlyList<NetworkPolicy> ByName(ContainerToolsCmdlet cmdlet, string name) =>
        cmdlet.Attempt(() => Find(cmdlet.Engine, name), name, out var found) ? found : [];

    private static IReadOnlyList<NetworkPolicy> Find(IContainerEngine engine, string name)
    {
        var policies = engine.Networks.ListPolicies();
        if (WildcardPattern.ContainsWildcardCharacters(name))
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            return [.. policies.Where(policy => pattern.IsMatch(policy.Name))];
        }

        return policies.FirstOrDefault(policy => policy.Name == name) is { } one
            ? [one]
            : throw new ContainerToolsException(
                ErrorKind.NotFound, "PolicyNotFound", $"No network policy is named '{name}'.", name, "Get-ContainerNetworkPolicy lists all policies.");
    }
}
