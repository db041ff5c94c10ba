using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes names of containers.</summary>
public sealed class ContainerNameCompleter : CompleterBase
{
    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) =>
        EngineSession.Current.Containers.List().Select(container => (container.Name, $"{container.State}, {container.Image}"));
}
