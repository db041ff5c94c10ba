using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Rename-Container: gives a container another name.</summary>
[Cmdlet(VerbsCommon.Rename, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RenameContainerCmdlet : ContainerToolsCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";
    private const string InputObjectSet = "InputObject";

    /// <summary>The name it has.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Container")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Its id, or a unique beginning of it.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string Id { get; set; } = "";

    /// <summary>The container, as other cmdlets emit it.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container? InputObject { get; set; }

    /// <summary>The name it gets.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string NewName { get; set; } = "";

    /// <summary>Emit the renamed container.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var container in Selected())
        {
            if (ShouldProcess(container.Name, $"Rename to '{NewName}'")
                && Attempt(() => Engine.Containers.Rename(container.Id, NewName), container, out var renamed)
                && PassThru)
            {
                WriteObject(renamed);
            }
        }
    }

    // A new name fits one container, so the old one is taken literally.
    private IReadOnlyList<Container> Selected() => ParameterSetName switch
    {
        IdSet => ContainerLookup.ById(this, Id),
        InputObjectSet => ContainerLookup.ById(this, InputObject!.Id),
        _ => Attempt(() => Engine.Containers.Get(Name), Name, out var container) ? [container] : [],
    };
}
