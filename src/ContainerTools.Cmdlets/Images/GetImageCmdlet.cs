using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-Image: images of the store.</summary>
[Cmdlet(VerbsCommon.Get, "Image", DefaultParameterSetName = NameSet)]
[Alias("Get-ContainerImage")]
[OutputType(typeof(Image), typeof(string))]
public sealed class GetImageCmdlet : ContainerToolsCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";

    /// <summary>Names; wildcards are welcome. Without names: all.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Image", "Tag")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Ids, or unique beginnings of ids.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Only images without a tag.</summary>
    [Parameter]
    public SwitchParameter Dangling { get; set; }

    /// <summary>Labels that must be there, with their values or without.</summary>
    [Parameter]
    [MapTransformation(AllowBareName = true)]
    public IDictionary? Label { get; set; }

    /// <summary>Only images for this architecture, in Go's words.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    public string? Architecture { get; set; }

    /// <summary>Only images for this platform: of a multi-platform image, which one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>Only images created before this time.</summary>
    [Parameter]
    [InstantTransformation]
    public DateTimeOffset? Before { get; set; }

    /// <summary>Only images created after this time.</summary>
    [Parameter]
    [InstantTransformation]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Emit the JSON that <c>docker image inspect</c> prints.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var image in ParameterSetName == IdSet ? Id.SelectMany(id => ImageLookup.ById(this, id)).Where(Passes) : Named())
        {
            if (!Raw)
            {
                WriteObject(image);
            }
            else if (Attempt(() => Engine.Images.GetRaw(image.Id), image, out var json))
            {
                WriteObject(json);
            }
        }
    }

    private IEnumerable<Image> Named()
    {
        if (Name is { } names && names.Any(name => !WildcardPattern.ContainsWildcardCharacters(name)))
        {
            return names.SelectMany(name => ImageLookup.ByName(this, name, Platform)).Where(Passes);
        }

        var filter = new ImageFilter
        {
            Dangling = Dangling ? true : null,
            Labels = Values.Filter(Label),
            Architecture = Architecture,
            Platform = Platform,
            Before = Before,
            Since = Since,
        };
        return Attempt(() => Engine.Images.List(filter), null, out var all) ? all.Where(image => Name?.Any(name => ImageLookup.Matches(image, name)) ?? true) : [];
    }

    // An image asked for by name is looked up alone, so the filter is applied here.
    private bool Passes(Image image) =>
        (!Dangling || image.Tags.Count == 0)
        && (Architecture is null || image.Architecture == Architecture)
        && (Before is null || image.Created < Before)
        && (Since is null || image.Created > Since)
        && Values.Filter(Label).All(wanted => image.Labels.TryGetValue(wanted.Key, out var value) && (wanted.Value is null || wanted.Value == value));
}
