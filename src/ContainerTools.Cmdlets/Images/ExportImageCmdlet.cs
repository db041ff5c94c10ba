using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Export-Image: writes images to a file or a directory.</summary>
[Cmdlet(VerbsData.Export, "Image", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("Export-ContainerImage")]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo), typeof(byte[]))]
public sealed class ExportImageCmdlet : ImageSelectionCmdlet
{
    private readonly List<string> _images = [];

    /// <summary>File or directory to write; not with -AsByteStream.</summary>
    [Parameter(Position = 1)]
    [Alias("Destination")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Form to write.</summary>
    [Parameter]
    public ImageArchiveFormat Format { get; set; } = ImageArchiveFormat.DockerArchive;

    /// <summary>Platforms to write of a multi-platform image; all of it when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string[] Platform { get; set; } = [];

    /// <summary>Emit the archive's bytes in place of writing a file.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

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
        if (AsByteStream == (Path is not null))
        {
            ThrowTerminatingError(ErrorRecords.From(new ContainerToolsException(
                ErrorKind.InvalidArgument, "ExportTargetAmbiguous", "An export goes either to a path or, with -AsByteStream, into the pipeline.", Path, "Give -Path or -AsByteStream.")));
        }

        var request = new ImageExportRequest { Images = images, Path = Path is null ? null : ResolvePath(Path), Format = Format, Platforms = Platform, Force = Force };
        if (images.Count == 0 || !ShouldProcess(request.Path ?? "the pipeline", $"Export {string.Join(", ", images)} as {Format}"))
        {
            return;
        }

        if (AsByteStream)
        {
            Emit(request);
        }
        else if (AwaitWithProgress((progress, token) => Engine.Images.ExportAsync(request, progress, token), request.Path, out var written))
        {
            WriteObject(Directory.Exists(written) ? new DirectoryInfo(written) : new FileInfo(written));
        }
    }

    private void Emit(ImageExportRequest request)
    {
        var engine = Engine;
        using var pump = new PipelinePump<string>(
            (post, token) => engine.Images.ExportAsync(request with { Output = new ChunkStream(piece => post(() => WriteObject(piece, enumerateCollection: false))) }, null, token), StopToken);
        _ = Attempt(pump.Complete, request.Images, out _);
    }

    private static IEnumerable<string> Chosen(Image image, string name) => ImageLookup.MatchingTags(image, name);
}
