using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Import-Image: reads images from archives, layouts or root file systems.</summary>
[Cmdlet(VerbsData.Import, "Image", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[Alias("Import-ContainerImage")]
[OutputType(typeof(Image))]
public sealed class ImportImageCmdlet : ContainerToolsCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string InputSet = "InputObject";
    private FileStream? _content;

    /// <summary>Paths of archives or layout directories; wildcards are welcome.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Paths taken as they are.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Bytes of an archive.</summary>
    [Parameter(ParameterSetName = InputSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public byte[] InputObject { get; set; } = [];

    /// <summary>The input is the tar of a root file system.</summary>
    [Parameter]
    public SwitchParameter RootFilesystem { get; set; }

    /// <summary>Platforms to take of a multi-platform image; this host's when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string[] Platform { get; set; } = [];

    /// <summary>Take every platform of a multi-platform image that the archive holds.</summary>
    [Parameter]
    public SwitchParameter AllPlatforms { get; set; }

    /// <summary>Tags of the image, in place of the archive's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Tag { get; set; } = [];

    /// <summary>Dockerfile instructions for the configuration of a root file system image.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Change { get; set; } = [];

    /// <summary>History comment of a root file system image.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Message { get; set; }

    /// <summary>Most bytes that all layers may unpack to.</summary>
    [Parameter]
    [SizeTransformation]
    public long? MaximumSize { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case InputSet:
                Collect();
                break;
            case LiteralPathSet:
                ImportEach(LiteralPath.Select(ResolvePath));
                break;
            default:
                ImportEach(Path.SelectMany(Expand));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_content is not null)
        {
            _content.Position = 0;
            Import("piped bytes", Request() with { Content = _content });
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content?.Dispose();
        }

        base.Dispose(disposing);
    }

    // Kept in a nameless file rather than in memory: images are large, and the pipeline hands them over in any number of pieces.
    private void Collect()
    {
        _content ??= new FileStream(
            System.IO.Path.GetTempFileName(),
            new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose, BufferSize = 1 << 16 });
        _content.Write(InputObject);
    }

    private IReadOnlyList<string> Expand(string path)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path))
        {
            return [ResolvePath(path)];
        }

        try
        {
            return [.. SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _)];
        }
        catch (ItemNotFoundException)
        {
            return [];
        }
    }

    private void ImportEach(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            Import(path, Request() with { Path = path });
        }
    }

    private void Import(string target, ImageImportRequest request)
    {
        if (ShouldProcess(target, "Import images") && AwaitWithProgress((progress, token) => Engine.Images.ImportAsync(request, progress, token), target, out var images))
        {
            WriteObject(images, enumerateCollection: true);
        }
    }

    private ImageImportRequest Request() => new()
    {
        Platforms = Platform,
        AllPlatforms = AllPlatforms,
        RootFilesystem = RootFilesystem,
        Tags = Tag,
        Changes = Change,
        Message = Message,
        MaximumSize = MaximumSize,
    };
}
