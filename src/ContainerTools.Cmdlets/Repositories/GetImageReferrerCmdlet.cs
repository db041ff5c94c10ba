using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ImageReferrer: what registries have about an image.</summary>
[Cmdlet(VerbsCommon.Get, "ImageReferrer")]
[OutputType(typeof(ImageReferrer))]
public sealed class GetImageReferrerCmdlet : ContainerToolsCmdlet
{
    /// <summary>Names of images in registries: [registry/]repository[:tag|@sha256:digest].</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Image", "Reference")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Only what is of this type.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ArtifactType { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (Await(token => Engine.Repositories.ListReferrersAsync(name, ArtifactType, token), name, out var referrers))
            {
                WriteObject(referrers, enumerateCollection: true);
            }
        }
    }
}
