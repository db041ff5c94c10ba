using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Remove-ContainerRegistry: forgets settings of registries. Logins stay; the registries themselves do not notice.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerRegistry", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerRegistry))]
public sealed class RemoveContainerRegistryCmdlet : ContainerToolsCmdlet
{
    private const string NameSet = "Name";
    private const string InputObjectSet = "InputObject";

    /// <summary>Names of the registries; wildcards are welcome.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Registries, as other cmdlets emit them.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerRegistry[] InputObject { get; set; } = [];

    /// <summary>Emit the registries as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var registry in ParameterSetName == InputObjectSet ? InputObject : Name.SelectMany(Find))
        {
            if (ShouldProcess(registry.Name, "Forget the settings of the registry") && Attempt(() => Engine.Registries.Remove(registry.Name), registry) && PassThru)
            {
                WriteObject(registry);
            }
        }
    }

    // A wildcard means those that have something to forget.
    private IEnumerable<ContainerRegistry> Find(string name) =>
        RegistryLookup.ByName(this, name).Where(registry => registry.Configured || !WildcardPattern.ContainsWildcardCharacters(name));
}
