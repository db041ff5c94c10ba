using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ContainerRegistry: registries with settings, in the search order, or with a login.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerRegistry")]
[OutputType(typeof(ContainerRegistry))]
public sealed class GetContainerRegistryCmdlet : ContainerToolsCmdlet
{
    /// <summary>Names; wildcards are welcome. Without names: all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Registry")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        WriteObject(Name.SelectMany(name => RegistryLookup.ByName(this, name)).DistinctBy(registry => registry.Name), enumerateCollection: true);
}
