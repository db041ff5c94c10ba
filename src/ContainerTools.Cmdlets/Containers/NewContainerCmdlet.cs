using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>New-Container: makes a container without starting it.</summary>
[Cmdlet(VerbsCommon.New, "Container", DefaultParameterSetName = ImageSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class NewContainerCmdlet : ContainerCreationCmdlet
{
    /// <summary>Name or id of the image.</summary>
    [Parameter(ParameterSetName = ImageSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string Image { get; set; } = "";

    /// <summary>Command words, in place of the image's.</summary>
    [Parameter(ParameterSetName = ImageSet, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[]? Command { get; set; }

    /// <summary>Name of the container.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ShouldProcess(Name is null ? Image : $"{Name} ({Image})", "Make a container")
            && HasImage(Image)
            && Attempt(() => Engine.Containers.Create(Spec(Image, Name, Command)), Image, out var container))
        {
            WriteObject(container);
        }
    }
}
