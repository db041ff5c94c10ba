using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>New-BaseImage: makes a base image from executables of this host.</summary>
[Cmdlet(VerbsCommon.New, "BaseImage", SupportsShouldProcess = true)]
[OutputType(typeof(Image))]
public sealed class NewBaseImageCmdlet : ContainerToolsCmdlet
{
    /// <summary>Tag of the image.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Executables: names looked up in PATH, or paths.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExecutableCompleter))]
    public string[] Command { get; set; } = [];

    /// <summary>Environment of the image.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Environment { get; set; }

    /// <summary>Labels of the image.</summary>
    [Parameter]
    [MapTransformation(AllowBareName = true)]
    public IDictionary? Label { get; set; }

    /// <summary>Move the tag if it names another image.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var request = new BaseImageRequest
        {
            Name = Name,
            Commands = [.. Command.Select(word => word.Contains('/', StringComparison.Ordinal) ? ResolvePath(word) : word)],
            Environment = [.. Values.Map(Environment).Select(pair => $"{pair.Key}={pair.Value}")],
            Labels = Values.Map(Label),
            Force = Force,
        };
        if (ShouldProcess(Name, $"Make a base image of {string.Join(", ", Command)}")
            && AwaitWithProgress((progress, token) => Engine.Images.NewBaseAsync(request, progress, token), Name, out var image))
        {
            WriteObject(image);
        }
    }
}
