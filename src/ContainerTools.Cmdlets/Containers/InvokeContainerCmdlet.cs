using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Invoke-Container: makes and starts a container, and waits for its end with its streams connected.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Container", DefaultParameterSetName = ImageSet, SupportsShouldProcess = true)]
[Alias("Run-Container")]
[OutputType(typeof(string), typeof(byte), typeof(byte[]), typeof(ContainerExit))]
public sealed partial class InvokeContainerCmdlet : ContainerCreationCmdlet
{
    private ForegroundRun<ContainerExit>? _run;

    /// <summary>Name or id of the image.</summary>
    [Parameter(ParameterSetName = ImageSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string Image { get; set; } = "";

    /// <summary>Command words, in place of the image's.</summary>
    [Parameter(ParameterSetName = ImageSet, Position = 1, ValueFromRemainingArguments = true)]
    public string[]? Command { get; set; }

    /// <summary>Name of the container.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Objects for the standard input: text becomes lines, bytes stay bytes.</summary>
    [Parameter(ParameterSetName = ImageSet, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>Emit standard output as one object, exactly as written.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    public SwitchParameter Raw { get; set; }

    /// <summary>Emit standard output as bytes.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>Emit how the container ended, after its output.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        var expectsInput = MyInvocation.ExpectingInput || InputObject is not null;
        if (!ShouldProcess(Image, "Run a container") || !HasImage(Image) || !Attempt(() => Spec(Image, Name, CommandWords.Restore(MyInvocation, Command, nameof(Image))), Image, out var spec))
        {
            return;
        }

        spec = spec with { Interactive = Interactive || expectsInput };
        var engine = Engine;
        _run = new ForegroundRun<ContainerExit>(
            this, Image, Foreground.Form(Raw, AsByteStream), expectsInput, (streams, token) => engine.Containers.RunAsync(spec, streams, token), exit => exit.ExitCode, StopToken);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (MyInvocation.BoundParameters.ContainsKey(nameof(InputObject)))
        {
            _run?.Write(InputObject);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_run is not null && _run.TryComplete(out var exit) && PassThru)
        {
            WriteObject(exit);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _run?.Dispose();
        }

        base.Dispose(disposing);
    }
}
