using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes ids of networks in their short form.</summary>
public sealed class NetworkIdCompleter : CompleterBase
{
    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) =>
        EngineSession.Current.Networks.List().Select(network => (Ids.Short(network.Id), network.Name));
}
