using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Base of the cmdlets that act on networks chosen by name, id or object.</summary>
public abstract class NetworkSelectionCmdlet : ContainerToolsCmdlet
{
    private protected const string NameSet = "Name";
    private protected const string IdSet = "Id";
    private protected const string InputObjectSet = "InputObject";

    /// <summary>Names of the networks; wildcards are welcome.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Network")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids of the networks, or unique beginnings of ids.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Networks, as other cmdlets emit them.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerNetwork[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var selected = ParameterSetName switch
        {
            IdSet => Id.SelectMany(id => NetworkLookup.Get(this, id)),
            InputObjectSet => InputObject.SelectMany(network => NetworkLookup.Get(this, network.Id)),
            _ => Name.SelectMany(name => NetworkLookup.ByName(this, name)),
        };
        foreach (var network in selected)
        {
            ProcessNetwork(network);
        }
    }

    /// <summary>Acts on one network.</summary>
    private protected abstract void ProcessNetwork(ContainerNetwork network);
}
