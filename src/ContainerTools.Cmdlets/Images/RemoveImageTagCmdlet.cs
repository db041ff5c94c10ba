using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Remove-ImageTag: takes tags away; the images stay.</summary>
[Cmdlet(VerbsCommon.Remove, "ImageTag", SupportsShouldProcess = true)]
[Alias("Remove-ContainerImageTag")]
[OutputType(typeof(void))]
public sealed class RemoveImageTagCmdlet : ContainerToolsCmdlet
{
    /// <summary>Tags to take away; wildcards are welcome.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Tag { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var tag in Tag.SelectMany(Expand))
        {
            if (ShouldProcess(tag, "Remove the tag"))
            {
                Attempt(() => Engine.Images.RemoveTag(tag), tag);
            }
        }
    }

    private IEnumerable<string> Expand(string tag)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(tag))
        {
            return [tag];
        }

        return ImageLookup.ByName(this, tag).SelectMany(image => ImageLookup.MatchingTags(image, tag));
    }
}
