using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Finds images for a cmdlet: a wildcard without a match is silence, a name or id without one is an error.</summary>
internal static class ImageLookup
{
    public static IReadOnlyList<Image> ByName(ContainerToolsCmdlet cmdlet, string name, string? platform = null)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name))
        {
            return cmdlet.Attempt(() => cmdlet.Engine.Images.Get(name, platform), name, out var image) ? [image] : [];
        }

        return cmdlet.Attempt(() => cmdlet.Engine.Images.List(platform is null ? null : new ImageFilter { Platform = platform }), name, out var all) ? [.. all.Where(image => Matches(image, name))] : [];
    }

    public static IReadOnlyList<Image> ById(ContainerToolsCmdlet cmdlet, string id) =>
        cmdlet.Attempt(() => FindById(cmdlet.Engine, id), id, out var image) ? [image] : [];

    public static bool Matches(Image image, string pattern) => MatchingTags(image, pattern).Any() || (image.Tags.Count == 0 && pattern == "*");

    public static IEnumerable<string> MatchingTags(Image image, string pattern)
    {
        var wildcard = WildcardPattern.Get(pattern, WildcardOptions.None);
        return image.Tags.Where(tag => wildcard.IsMatch(tag) || wildcard.IsMatch(WithoutLatest(tag)));
    }

    private static string WithoutLatest(string tag) => tag.EndsWith(":latest", StringComparison.Ordinal) ? tag[..^":latest".Length] : tag;

    private static Image FindById(IContainerEngine engine, string id)
    {
        if (Ids.Bare(id).Length == Ids.FullLength)
        {
            return engine.Images.Get(id);
        }

        var found = engine.Images.List().Where(image => Ids.HasPrefix(image.Id, id)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new ContainerToolsException(ErrorKind.NotFound, "ImageNotFound", $"No image has an id that begins with '{id}'.", id, "Get-Image lists all images."),
            _ => throw new ContainerToolsException(
                ErrorKind.Conflict, "ImageIdAmbiguous", $"The id '{id}' is the beginning of {found.Count} ids: {string.Join(", ", found.Select(i => Ids.Short(i.Id)))}.", id, "Write more digits."),
        };
    }
}
