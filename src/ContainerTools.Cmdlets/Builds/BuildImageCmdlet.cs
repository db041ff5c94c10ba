using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Build-Image: builds an image from a Dockerfile.</summary>
[Cmdlet("Build", "Image", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[Alias("Build-ContainerImage")]
[OutputType(typeof(BuildResult))]
public sealed class BuildImageCmdlet : ContainerToolsCmdlet
{
    private const string PathSet = "Path";
    private const string TextSet = "InputObject";
    private readonly List<string> _lines = [];

    /// <summary>Directory whose files the build can copy; the current one when not given.</summary>
    [Parameter(ParameterSetName = PathSet, Position = 0)]
    [Parameter(ParameterSetName = TextSet, Position = 0)]
    [Alias("Context")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Path of the Dockerfile; Dockerfile or Containerfile in the context when not given.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Alias("Dockerfile")]
    [ValidateNotNullOrEmpty]
    public string? File { get; set; }

    /// <summary>Text of the Dockerfile. Without a path there is no context then.</summary>
    [Parameter(ParameterSetName = TextSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string[] InputObject { get; set; } = [];

    /// <summary>Tags of the image.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Tag { get; set; } = [];

    /// <summary>Values of ARG instructions.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? BuildArgument { get; set; }

    /// <summary>
    /// Secrets for <c>RUN --mount=type=secret</c>, by id: a SecureString, the path of a file, or <c>env:NAME</c>. Neither the image nor the cache keeps them.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Secret { get; set; }

    /// <summary>Labels of the image.</summary>
    [Parameter]
    [MapTransformation(AllowBareName = true)]
    public IDictionary? Label { get; set; }

    /// <summary>Stage to build, by name or index; the last when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StageCompleter))]
    public string? Target { get; set; }

    /// <summary>Path of an ignore file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IgnoreFile { get; set; }

    /// <summary>Run every step again.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>When images that the Dockerfile names are pulled: if they are not here (Missing), Always, Never, or if the registry has another one (Newer).</summary>
    [Parameter]
    [Alias("Pull")]
    public PullPolicy PullPolicy { get; set; }

    /// <summary>Network of RUN steps: the name of one, <c>none</c> or <c>host</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BuildNetworkCompleter))]
    public string Network { get; set; } = "default";

    /// <summary>Time of all files and history entries, so that the same input gives the same image.</summary>
    [Parameter]
    [InstantTransformation]
    public DateTimeOffset? SourceDate { get; set; }

    /// <summary>Most steps that run at once; one a core when not given.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int? ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _lines.AddRange(InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var fromText = ParameterSetName == TextSet;
        var context = fromText && Path is null ? null : ResolvePath(Path ?? ".");
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> secrets;
        try
        {
            secrets = BuildSecrets.Read(Secret, ResolvePath);
        }
        catch (ContainerToolsException error)
        {
            ThrowTerminatingError(ErrorRecords.From(error));
            return;
        }

        var request = new BuildRequest
        {
            ContextPath = context,
            DockerfilePath = File is null ? null : ResolvePath(File),
            DockerfileText = fromText ? string.Join('\n', _lines) + "\n" : null,
            IgnoreFilePath = IgnoreFile is null ? null : ResolvePath(IgnoreFile),
            Tags = Tag,
            BuildArguments = Values.Map(BuildArgument),
            Secrets = secrets,
            Labels = Values.Map(Label),
            Target = Target,
            NoCache = NoCache,
            PullPolicy = PullPolicy,
            Network = Network,
            SourceDate = SourceDate,
            ThrottleLimit = ThrottleLimit ?? 0,
        };
        var target = Tag.Length > 0 ? string.Join(", ", Tag) : context ?? "Dockerfile text";
        if (ShouldProcess(target, "Build an image") && AwaitWithProgress((progress, token) => Engine.Builds.BuildAsync(request, progress, token), target, out var result))
        {
            WriteObject(result);
        }
    }
}
