using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Base of the cmdlets that act on containers chosen by name, id or object.</summary>
public abstract class ContainerSelectionCmdlet : ContainerToolsCmdlet
{
    private protected const string NameSet = "Name";
    private protected const string IdSet = "Id";
    private protected const string InputObjectSet = "InputObject";

    /// <summary>Names of the containers; wildcards are welcome.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Container")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids of the containers, or unique beginnings of ids.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Containers, as other cmdlets emit them.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var container in Selected())
        {
            ProcessContainer(container);
        }
    }

    /// <summary>Acts on one container.</summary>
    private protected abstract void ProcessContainer(Container container);

    /// <summary>The chosen containers as they are now; each that is not there is a non-terminating error.</summary>
    private protected IEnumerable<Container> Selected() => ParameterSetName switch
    {
        IdSet => Id.SelectMany(id => ContainerLookup.ById(this, id)),
        InputObjectSet => InputObject.SelectMany(container => ContainerLookup.ById(this, container.Id)),
        _ => Name.SelectMany(name => ContainerLookup.ByName(this, name)),
    };
}
