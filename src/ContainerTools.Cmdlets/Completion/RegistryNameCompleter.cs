using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes names of registries with settings, in the search order, or with a login.</summary>
public sealed class RegistryNameCompleter : CompleterBase
{
    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound)
    {
        var registries = EngineSession.Current.Registries;
        return Task.Run(() => registries.ListAsync(CancellationToken.None)).GetAwaiter().GetResult().Select(registry => (registry.Name, registry.Blocked ? "blocked" : registry.Name));
    }
}
