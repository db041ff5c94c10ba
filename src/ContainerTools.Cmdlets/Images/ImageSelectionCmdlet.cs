using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Base of the cmdlets that act on images chosen by name, id or object.</summary>
public abstract class ImageSelectionCmdlet : ContainerToolsCmdlet
{
    private protected const string NameSet = "Name";
    private protected const string IdSet = "Id";
    private protected const string InputObjectSet = "InputObject";

    /// <summary>Names of the images; wildcards are welcome.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Image", "Tag")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids of the images, or unique beginnings of ids.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Images, as other cmdlets emit them.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Image[] InputObject { get; set; } = [];

    /// <summary>The chosen images as they are now; each that is not there is a non-terminating error.</summary>
    private protected IEnumerable<Image> Selected() => ParameterSetName switch
    {
        IdSet => Id.SelectMany(id => ImageLookup.ById(this, id)),
        InputObjectSet => InputObject.SelectMany(image => ImageLookup.ById(this, image.Id)),
        _ => Name.SelectMany(name => ImageLookup.ByName(this, name)),
    };
}
