using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ContainerNetwork: networks of the store, with their containers.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerNetwork", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerNetwork))]
public sealed class GetContainerNetworkCmdlet : ContainerToolsCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";
    private const string InputObjectSet = "InputObject";

    /// <summary>Names; wildcards are welcome. Without names: all.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Network")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Ids, or unique beginnings of ids.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Containers whose networks are emitted.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container[] InputObject { get; set; } = [];

    /// <summary>Drivers, any of which passes.</summary>
    [Parameter]
    public NetworkDriver[] Driver { get; set; } = [];

    /// <summary>Labels that must be there, with their values or without.</summary>
    [Parameter]
    [MapTransformation(AllowBareName = true)]
    public IDictionary? Label { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var selected = ParameterSetName switch
        {
            IdSet => Id.SelectMany(id => NetworkLookup.Get(this, id)),
            InputObjectSet => InputObject.SelectMany(container => container.Endpoint).SelectMany(endpoint => NetworkLookup.Get(this, endpoint.NetworkId)),
            _ => Name.SelectMany(name => NetworkLookup.ByName(this, name)).DistinctBy(network => network.Id),
        };
        WriteObject(selected.Where(Passes), enumerateCollection: true);
    }

    private bool Passes(ContainerNetwork network) =>
        (Driver.Length == 0 || Driver.Contains(network.Driver))
        && Values.Filter(Label).All(wanted => network.Labels.TryGetValue(wanted.Key, out var value) && (wanted.Value is null || wanted.Value == value));
}
