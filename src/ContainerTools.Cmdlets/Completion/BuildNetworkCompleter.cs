using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes what RUN steps can be connected to: networks, none, and the host's network.</summary>
public class BuildNetworkCompleter : CompleterBase
{
    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) =>
    [
        .. EngineSession.Current.Networks.List().Select(NetworkNameCompleter.Candidate),
        ("none", "no network"),
        ("host", "the host's network"),
    ];
}
