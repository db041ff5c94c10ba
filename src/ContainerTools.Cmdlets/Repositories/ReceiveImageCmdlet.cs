using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Receive-Image: pulls images from registries.</summary>
[Cmdlet(VerbsCommunications.Receive, "Image", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("Receive-ContainerImage", "Pull-Image", "rcimg")]
[OutputType(typeof(Image), typeof(ContainerArtifact))]
public sealed class ReceiveImageCmdlet : TransferCmdlet
{
    private const string NameSet = "Name";
    private const string AllPlatformsSet = "AllPlatforms";

    /// <summary>What to pull: [registry/]repository[:tag|@sha256:digest].</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Image", "Reference")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Platforms to take of a multi-platform image; this host's when not given.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string[] Platform { get; set; } = [];

    /// <summary>Take every platform of a multi-platform image.</summary>
    [Parameter(ParameterSetName = AllPlatformsSet, Mandatory = true)]
    public SwitchParameter AllPlatforms { get; set; }

    /// <summary>Pull every tag of the repository.</summary>
    [Parameter]
    public SwitchParameter AllTags { get; set; }

    /// <summary>Most bytes that the layers of one image may unpack to.</summary>
    [Parameter]
    [SizeTransformation]
    public long? MaximumSize { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name.SelectMany(Expand))
        {
            var request = new ImagePullRequest { Name = name, Platforms = Platform, AllPlatforms = AllPlatforms, MaximumSize = MaximumSize, Transfer = Transfer };
            if (ShouldProcess(name, "Pull")
                && AwaitWithProgress((progress, token) => Engine.Images.PullAsync(request, progress, token), name, out var pulled))
            {
                WriteObject(pulled.Images, enumerateCollection: true);
                if (pulled.Artifact is { } artifact)
                {
                    WriteObject(artifact);
                }
            }
        }
    }

    private IEnumerable<string> Expand(string name) => !AllTags
        ? [name]
        : Await(token => Engine.Repositories.ListTagsAsync(name, token), name, out var tags) ? tags.Select(tag => tag.Name) : [];
}
