using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Publish-Image: pushes images to registries.</summary>
[Cmdlet(VerbsData.Publish, "Image", SupportsShouldProcess = true)]
[Alias("Publish-ContainerImage", "Push-Image", "pbimg")]
[OutputType(typeof(PushResult))]
public sealed class PublishImageCmdlet : TransferCmdlet
{
    /// <summary>Names of the images; wildcards are welcome.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Image", "Tag")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Where to, as registry/repository[:tag]; the name itself when not given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Push every tag that the repository has here.</summary>
    [Parameter]
    public SwitchParameter AllTags { get; set; }

    /// <summary>Push the image of one platform of a multi-platform image.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>How layers are compressed. When not given, what came from a registry goes as it came, and everything else with gzip.</summary>
    [Parameter]
    public ImageCompression? Compression { get; set; }

    /// <summary>1 (fast) to 9 for gzip, 1 to 22 for zstd.</summary>
    [Parameter]
    [ValidateRange(1, 22)]
    public int? CompressionLevel { get; set; }

    /// <summary>Compress layers anew that are compressed so already, to give them the level.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (CompressionLevel is not null && Compression is null)
        {
            ThrowTerminatingError(ErrorRecords.From(new ContainerToolsException(
                ErrorKind.InvalidArgument, "CompressionMissing", "-CompressionLevel says nothing without -Compression.", CompressionLevel, "Give -Compression Gzip or Zstd.")));
        }

        var names = Name.SelectMany(Expand).Distinct().ToList();
        if (Destination is not null && names.Count > 1)
        {
            ThrowTerminatingError(ErrorRecords.From(new ContainerToolsException(
                ErrorKind.InvalidArgument, "DestinationAmbiguous", $"{names.Count} images cannot all be pushed to '{Destination}'.", Destination, "Leave -Destination out, or push one image at a time.")));
        }

        foreach (var name in names)
        {
            var request = new ImagePushRequest
            {
                Name = name,
                Destination = Destination,
                Platform = Platform,
                Compression = Compression,
                CompressionLevel = CompressionLevel,
                ForceCompression = Force,
                Transfer = Transfer,
            };
            if (ShouldProcess(Destination is null ? name : $"{name} to {Destination}", "Push")
                && AwaitWithProgress((progress, token) => Engine.Images.PushAsync(request, progress, token), name, out var pushed))
            {
                WriteObject(pushed);
            }
        }
    }

    private IEnumerable<string> Expand(string name)
    {
        var pattern = AllTags ? $"{WildcardPattern.Escape(name)}:*" : name;
        if (!WildcardPattern.ContainsWildcardCharacters(pattern))
        {
            return [name];
        }

        var found = ImageLookup.ByName(this, pattern).SelectMany(image => ImageLookup.MatchingTags(image, pattern)).ToList();
        if (found.Count == 0 && AllTags)
        {
            WriteError(ErrorRecords.From(new ContainerToolsException(ErrorKind.NotFound, "ImageNotFound", $"No image has a tag of the repository '{name}'.", name, "List the images with Get-Image.")));
        }

        return found;
    }
}
