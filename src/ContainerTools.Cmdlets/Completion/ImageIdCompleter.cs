using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes ids of images in their short form.</summary>
public sealed class ImageIdCompleter : CompleterBase
{
    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) =>
        EngineSession.Current.Images.List().Select(image => (Ids.Short(image.Id), image.Name));
}
