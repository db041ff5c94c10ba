using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ContainerPort: ports of the host that lead to containers.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerPort", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PortMapping))]
public sealed class GetContainerPortCmdlet : ContainerToolsCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";
    private const string InputObjectSet = "InputObject";

    /// <summary>Names of containers; wildcards are welcome. Without names: all.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Container")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Ids of containers, or unique beginnings of ids.</summary>
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
        var containers = ParameterSetName switch
        {
            IdSet => Id.SelectMany(id => ContainerLookup.ById(this, id)),
            InputObjectSet => InputObject.SelectMany(container => ContainerLookup.ById(this, container.Id)),
            _ => Name.SelectMany(name => ContainerLookup.ByName(this, name)),
        };
        foreach (var container in containers)
        {
            WriteObject(container.Port.Select(port => port with { Container = container.Name }), enumerateCollection: true);
        }
    }
}
