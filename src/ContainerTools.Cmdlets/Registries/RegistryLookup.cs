using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Finds registries for a cmdlet: a wildcard without a match is silence, a name without one is an error.</summary>
internal static class RegistryLookup
{
    public static IReadOnlyList<ContainerRegistry> ByName(ContainerToolsCmdlet cmdlet, string name) =>
        cmdlet.Await(token => FindAsync(cmdlet.Engine, name, token), name, out var found) ? found : [];

    private static async Task<IReadOnlyList<ContainerRegistry>> FindAsync(IContainerEngine engine, string name, CancellationToken cancellationToken)
    {
        var registries = await engine.Registries.ListAsync(cancellationToken).ConfigureAwait(false);
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        IReadOnlyList<ContainerRegistry> found = [.. registries.Where(registry => pattern.IsMatch(registry.Name) || registry.Name.Equals(name, StringComparison.OrdinalIgnoreCase))];
        return found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(name)
            ? found
            : throw new ContainerToolsException(
                ErrorKind.NotFound, "RegistryNotFound", $"Nothing is known of a registry '{name}'.", name, "Get-ContainerRegistry lists those with settings or a login. A registry needs neither to be used.");
    }
}
