using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes what a container can be connected to: networks, none, the host's network, and that of another container.</summary>
public sealed class NetworkAttachmentCompleter : BuildNetworkCompleter
{
    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) =>
    [
        .. base.Candidates(bound),
        .. EngineSession.Current.Containers.List().Select(container => ($"container:{container.Name}", "the network of that container")),
    ];
}
