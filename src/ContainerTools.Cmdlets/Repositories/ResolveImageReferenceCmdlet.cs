using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Resolve-ImageReference: what a tag stands for in its registry now.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "ImageReference")]
[OutputType(typeof(ResolvedImage))]
public sealed class ResolveImageReferenceCmdlet : ContainerToolsCmdlet
{
    /// <summary>Names to resolve: [registry/]repository[:tag|@sha256:digest].</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Image", "Reference")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The image of this platform rather than the whole multi-platform image.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (Await(token => Engine.Repositories.ResolveAsync(name, Platform, token), name, out var resolved))
            {
                WriteObject(resolved);
            }
        }
    }
}
