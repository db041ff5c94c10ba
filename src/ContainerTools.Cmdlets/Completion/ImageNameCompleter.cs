using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes tags of images.</summary>
public sealed class ImageNameCompleter : CompleterBase
{
    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) =>
        EngineSession.Current.Images.List().SelectMany(image => image.Tags.Select(tag => (tag, $"{Ids.Short(image.Id)}, {image.Architecture}")));
}
