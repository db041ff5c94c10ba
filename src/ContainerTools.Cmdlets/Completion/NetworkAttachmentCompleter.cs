using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes what a container can be connected to: networks, none, the host's network, and that of another container.</summary>
public sealed class NetworkAttachmentCompleter : CompleterBase
{
    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) =>
    [
        .. EngineSession.Current.Networks.List().Select(NetworkNameCompleter.Candidate),
        ("none", "no network"),
        ("host", "the host's network"),
        .. EngineSession.Current.Containers.List().Select(container => ($"container:{container.Name}", "the network of that container")),
    ];
}
