using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Export-Image: writes images to a file or a directory.</summary>
[Cmdlet(VerbsData.Export, "Image", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("Export-ContainerImage")]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo))]
public sealed class ExportImageCmdlet : ImageSelectionCmdlet
{
    private readonly List<string> _images = [];

    /// <summary>File or directory to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("Destination")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Form to write.</summary>
    [Parameter]
    public ImageArchiveFormat Format { get; set; } = ImageArchiveFormat.DockerArchive;

    /// <summary>Replace what is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var image in Selected())
        {
            _images.AddRange(ParameterSetName == NameSet ? Name.SelectMany(name => Chosen(image, name)).DefaultIfEmpty(image.Name) : [image.Name]);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var images = _images.Distinct().ToList();
        var path = ResolvePath(Path);
        var request = new ImageExportRequest { Images = images, Path = path, Format = Format, Force = Force };
        if (images.Count > 0
            && ShouldProcess(path, $"Export {string.Join(", ", images)} as {Format}")
            && AwaitWithProgress((progress, token) => Engine.Images.ExportAsync(request, progress, token), path, out var written))
        {
            WriteObject(Directory.Exists(written) ? new DirectoryInfo(written) : new FileInfo(written));
        }
    }

    private static IEnumerable<string> Chosen(Image image, string name) => ImageLookup.MatchingTags(image, name);
}
