using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Finds containers for a cmdlet: a wildcard without a match is silence, a name or id without one is an error.</summary>
internal static class ContainerLookup
{
    public static IReadOnlyList<Container> ByName(ContainerToolsCmdlet cmdlet, string name)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name))
        {
            return cmdlet.Attempt(() => cmdlet.Engine.Containers.Get(name), name, out var container) ? [container] : [];
        }

        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        return cmdlet.Attempt(() => cmdlet.Engine.Containers.List(), name, out var all) ? [.. all.Where(container => pattern.IsMatch(container.Name))] : [];
    }

    public static IReadOnlyList<Container> ById(ContainerToolsCmdlet cmdlet, string id) =>
        cmdlet.Attempt(() => FindById(cmdlet.Engine, id), id, out var container) ? [container] : [];

    private static Container FindById(IContainerEngine engine, string id)
    {
        if (id.Length == Ids.FullLength)
        {
            return engine.Containers.Get(id);
        }

        var found = engine.Containers.List().Where(container => Ids.HasPrefix(container.Id, id)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new ContainerToolsException(ErrorKind.NotFound, "ContainerNotFound", $"No container has an id that begins with '{id}'.", id, "Get-Container lists all containers."),
            _ => throw new ContainerToolsException(
                ErrorKind.Conflict, "ContainerIdAmbiguous", $"The id '{id}' is the beginning of {found.Count} ids: {string.Join(", ", found.Select(c => Ids.Short(c.Id)))}.", id, "Write more digits."),
        };
    }
}
