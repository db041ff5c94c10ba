using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Invoke-ContainerCommand: runs a further process in running containers and waits for its end with its streams connected.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ContainerCommand", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("Exec-Container")]
[OutputType(typeof(string), typeof(byte), typeof(byte[]), typeof(ExecResult))]
public sealed partial class InvokeContainerCommandCmdlet : ContainerToolsCmdlet
{
    private const string NameSet = "Name";
    private const string ContainerSet = "Container";
    private ForegroundRun<ExecResult>? _withInput;

    /// <summary>Names or ids of the containers; wildcards are welcome.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Containers, as other cmdlets emit them.</summary>
    [Parameter(ParameterSetName = ContainerSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container[] Container { get; set; } = [];

    /// <summary>Command words.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromRemainingArguments = true)]
    [ValidateNotNullOrEmpty]
    public string[] Command { get; set; } = [];

    /// <summary>User as user[:group], names or numbers.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>Environment added to the container's.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Environment { get; set; }

    /// <summary>Absolute working directory inside.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>All capabilities, no system call filter.</summary>
    [Parameter]
    public SwitchParameter Privileged { get; set; }

    /// <summary>Objects for the standard input: text becomes lines, bytes stay bytes.</summary>
    [Parameter(ParameterSetName = NameSet, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>Emit standard output as one object, exactly as written.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>Emit standard output as bytes.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>Emit how the process ended, after its output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (MyInvocation.ExpectingInput && Name.Length > 0)
        {
            BeginWithInput();
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ContainerSet)
        {
            RunInEach(Container.SelectMany(container => ContainerLookup.ById(this, container.Id)));
        }
        else if (MyInvocation.ExpectingInput)
        {
            _withInput?.Write(InputObject);
        }
        else
        {
            RunInEach(Name.SelectMany(name => ContainerLookup.ByName(this, name)));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_withInput is not null)
        {
            Complete(_withInput);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _withInput?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void BeginWithInput()
    {
        var targets = Name.SelectMany(name => ContainerLookup.ByName(this, name)).ToList();
        if (targets.Count > 1)
        {
            ThrowTerminatingError(ErrorRecords.From(new ContainerToolsException(
                ErrorKind.InvalidArgument, "InputForSeveralContainers", $"Piped input can go to one container, but {targets.Count} are named.", string.Join(", ", Name))));
        }

        if (targets is [var target] && ShouldProcess(target.Name, "Run a command") && TrySpec(target, out var spec))
        {
            _withInput = Start(target, spec, expectsInput: true);
        }
    }

    private void RunInEach(IEnumerable<Container> containers)
    {
        foreach (var container in containers)
        {
            if (ShouldProcess(container.Name, "Run a command") && TrySpec(container, out var spec))
            {
                using var run = Start(container, spec, expectsInput: false);
                Complete(run);
            }
        }
    }

    private ForegroundRun<ExecResult> Start(Container container, ExecSpec spec, bool expectsInput)
    {
        var engine = Engine;
        return new ForegroundRun<ExecResult>(
            this,
            container.Name,
            Foreground.Form(Raw, AsByteStream),
            expectsInput,
            (streams, token) => engine.Containers.ExecAsync(container.Id, spec, streams, token),
            result => result.ExitCode,
            StopToken);
    }

    private void Complete(ForegroundRun<ExecResult> run)
    {
        if (run.TryComplete(out var result) && PassThru)
        {
            WriteObject(result);
        }
    }

    private bool TrySpec(Container container, out ExecSpec spec) => Attempt(
        () => new ExecSpec
        {
            Command = CommandWords.Restore(MyInvocation, Command, nameof(Name)) ?? [],
            User = User,
            Environment = Values.Map(Environment),
            WorkingDirectory = WorkingDirectory,
            Privileged = Privileged,
        },
        container,
        out spec);
}
