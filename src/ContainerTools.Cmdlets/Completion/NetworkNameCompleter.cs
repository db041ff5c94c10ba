using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes names of networks.</summary>
public sealed class NetworkNameCompleter : CompleterBase
{
    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) =>
        EngineSession.Current.Networks.List().Select(Candidate);

    internal static (string Text, string Hint) Candidate(ContainerNetwork network) => (network.Name, $"{network.Driver}, {string.Join(", ", network.Subnet)}");
}
