using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Disconnect-ContainerRegistry: forgets logins to registries, wherever they are kept.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "ContainerRegistry", DefaultParameterSetName = RegistrySet, SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DisconnectContainerRegistryCmdlet : ContainerToolsCmdlet
{
    private const string RegistrySet = "Registry";
    private const string AllSet = "All";

    /// <summary>Hosts of the registries, with port if any.</summary>
    [Parameter(ParameterSetName = RegistrySet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryNameCompleter))]
    public string[] Registry { get; set; } = [];

    /// <summary>Forget all logins.</summary>
    [Parameter(ParameterSetName = AllSet, Mandatory = true)]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var registry in ParameterSetName == AllSet ? Connected() : Registry)
        {
            if (ShouldProcess(registry, "Log out"))
            {
                Await(
                    async token =>
                    {
                        await Engine.Registries.DisconnectAsync(registry, token).ConfigureAwait(false);
                        return true;
                    },
                    registry,
                    out _);
            }
        }
    }

    private IEnumerable<string> Connected() => All && Await(Engine.Registries.ListAsync, null, out var registries)
        ? registries.Where(registry => registry.CredentialStore is not null).Select(registry => registry.Name)
        : [];
}
