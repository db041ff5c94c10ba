using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes names of network policies.</summary>
public sealed class NetworkPolicyNameCompleter : CompleterBase
{
    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) =>
        EngineSession.Current.Networks.ListPolicies().Select(policy => (policy.Name, $"{policy.Action}: {policy.From} to {policy.To}"));
}
