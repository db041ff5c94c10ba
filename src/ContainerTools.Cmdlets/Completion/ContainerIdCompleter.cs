using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes ids of containers in their short form.</summary>
public sealed class ContainerIdCompleter : CompleterBase
{
    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) =>
        EngineSession.Current.Containers.List().Select(container => (Ids.Short(container.Id), $"{container.Name}, {container.State}"));
}
