using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Add-ImageTag: gives an image further tags.</summary>
[Cmdlet(VerbsCommon.Add, "ImageTag", SupportsShouldProcess = true)]
[Alias("Add-ContainerImageTag")]
[OutputType(typeof(Image))]
public sealed class AddImageTagCmdlet : ContainerToolsCmdlet
{
    /// <summary>Name or id of the image.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string Image { get; set; } = "";

    /// <summary>Tags to add.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Tag { get; set; } = [];

    /// <summary>Move tags that name another image.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit the image with its tags.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ShouldProcess(Image, $"Add the tags {string.Join(", ", Tag)}") && Attempt(() => Engine.Images.AddTag(Image, Tag, Force), Image, out var image) && PassThru)
        {
            WriteObject(image);
        }
    }
}
