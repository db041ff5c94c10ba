using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Remove-Image: removes images and the layers nothing else uses.</summary>
[Cmdlet(VerbsCommon.Remove, "Image", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("Remove-ContainerImage")]
[OutputType(typeof(Image))]
public sealed class RemoveImageCmdlet : ImageSelectionCmdlet
{
    /// <summary>Remove an image that a container needs, too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Remove only the image of this platform of a multi-platform image.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>Emit the images as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != NameSet)
        {
            foreach (var image in Selected())
            {
                Remove(image, image.Id, image.Name);
            }

            return;
        }

        foreach (var name in Name)
        {
            if (Platform is not null)
            {
                if (Attempt(() => Engine.Images.Get(name, Platform), name, out var one))
                {
                    Remove(one, name, $"{name} for {Platform}");
                }

                continue;
            }

            foreach (var image in ImageLookup.ByName(this, name))
            {
                // A tag that matched takes that tag away, and the image with its last one; other tags of the image stay.
                var literal = !WildcardPattern.ContainsWildcardCharacters(name);
                foreach (var tag in literal ? [name] : ImageLookup.MatchingTags(image, name).DefaultIfEmpty(image.Id))
                {
                    Remove(image, tag, tag);
                }
            }
        }
    }

    private void Remove(Image image, string reference, string shown)
    {
        if (ShouldProcess(shown, "Remove") && Attempt(() => Engine.Images.Remove(reference, Force, Platform), image) && PassThru)
        {
            WriteObject(image);
        }
    }
}
