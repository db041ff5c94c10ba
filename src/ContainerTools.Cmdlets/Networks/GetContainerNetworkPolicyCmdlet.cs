using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ContainerNetworkPolicy: rules about connections between containers.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerNetworkPolicy")]
[OutputType(typeof(NetworkPolicy))]
public sealed class GetContainerNetworkPolicyCmdlet : ContainerToolsCmdlet
{
    /// <summary>Names; wildcards are welcome. Without names: all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkPolicyNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        WriteObject(Name.SelectMany(name => NetworkPolicyLookup.ByName(this, name)).DistinctBy(policy => policy.Name), enumerateCollection: true);
}
