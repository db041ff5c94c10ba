using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>New-ImageIndex: makes a multi-platform image of images.</summary>
[Cmdlet(VerbsCommon.New, "ImageIndex", SupportsShouldProcess = true)]
[OutputType(typeof(ImageManifestInfo))]
public sealed class NewImageIndexCmdlet : ContainerToolsCmdlet
{
    private readonly List<string> _images = [];

    /// <summary>Name of the index.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Images to put in, by name, digest or id; an index puts in all its entries.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Image { get; set; } = [];

    /// <summary>Annotations of the index.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Annotation { get; set; }

    /// <summary>Replace what the name stands for.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _images.AddRange(Image);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var change = new ImageIndexChange { Name = Name, Create = true, Add = _images, Annotations = Values.Map(Annotation), Force = Force };
        if (ShouldProcess(Name, $"Make an index of {string.Join(", ", _images)}") && Attempt(() => Engine.Images.ChangeIndex(change), Name, out var made))
        {
            WriteObject(made);
        }
    }
}
