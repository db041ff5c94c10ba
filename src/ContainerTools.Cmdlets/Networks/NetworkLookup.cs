using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Finds networks for a cmdlet: a wildcard without a match is silence, a name or id without one is an error.</summary>
internal static class NetworkLookup
{
    public static IReadOnlyList<ContainerNetwork> ByName(ContainerToolsCmdlet cmdlet, string name)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name))
        {
            return Get(cmdlet, name);
        }

        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        return cmdlet.Attempt(cmdlet.Engine.Networks.List, name, out var all) ? [.. all.Where(network => pattern.IsMatch(network.Name))] : [];
    }

    /// <summary>By a name, an id, or a unique beginning of an id.</summary>
    public static IReadOnlyList<ContainerNetwork> Get(ContainerToolsCmdlet cmdlet, string nameOrId) =>
        cmdlet.Attempt(() => cmdlet.Engine.Networks.Get(nameOrId), nameOrId, out var network) ? [network] : [];
}
