using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ImageManifest: manifests and indexes of the store or of registries.</summary>
[Cmdlet(VerbsCommon.Get, "ImageManifest")]
[OutputType(typeof(ImageManifestInfo), typeof(string))]
public sealed class GetImageManifestCmdlet : ContainerToolsCmdlet
{
    /// <summary>Names, digests or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Image", "Reference")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ask the registry; nothing is pulled.</summary>
    [Parameter]
    public SwitchParameter Remote { get; set; }

    /// <summary>The manifest of this platform's image rather than the index.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>Emit the exact document.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (Remote
                ? Await(token => Engine.Repositories.GetManifestAsync(name, Platform, token), name, out var manifest)
                : Attempt(() => Engine.Images.GetManifest(name, Platform), name, out manifest))
            {
                WriteObject(Raw ? manifest!.Json : manifest);
            }
        }
    }
}
