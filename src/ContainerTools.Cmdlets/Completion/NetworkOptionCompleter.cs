using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes keys of Docker's driver options.</summary>
public sealed class NetworkOptionCompleter : CompleterBase
{
    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) => DriverOptions.Keys.Select(key => ($"{key}=", "option of a network driver"));
}
