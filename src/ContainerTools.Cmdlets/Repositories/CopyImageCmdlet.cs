using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Copy-Image: copies images from registry to registry.</summary>
[Cmdlet(VerbsCommon.Copy, "Image", SupportsShouldProcess = true)]
[Alias("Copy-ContainerImage")]
[OutputType(typeof(PushResult))]
public sealed class CopyImageCmdlet : TransferCmdlet
{
    /// <summary>What to copy: registry/repository[:tag|@sha256:digest].</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    public string Source { get; set; } = "";

    /// <summary>Where to: registry/repository[:tag].</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Platforms to copy of a multi-platform image: one gives that image alone. All when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string[] Platform { get; set; } = [];

    /// <summary>Copy also what refers to the image: signatures, attestations, lists of contents.</summary>
    [Parameter]
    [Alias("Referrers")]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var request = new ImageCopyRequest { Source = Source, Destination = Destination, Platforms = Platform, Referrers = All, Transfer = Transfer };
        if (ShouldProcess($"{Source} to {Destination}", "Copy")
            && AwaitWithProgress((progress, token) => Engine.Repositories.CopyAsync(request, progress, token), Source, out var copied))
        {
            WriteObject(copied);
        }
    }
}
