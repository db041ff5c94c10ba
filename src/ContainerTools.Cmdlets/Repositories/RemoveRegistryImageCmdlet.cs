using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Remove-RegistryImage: deletes tags and manifests in registries.</summary>
[Cmdlet(VerbsCommon.Remove, "RegistryImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveRegistryImageCmdlet : ContainerToolsCmdlet
{
    /// <summary>What to delete: registry/repository:tag, or registry/repository@sha256:digest with all tags of it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Image", "Reference")]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (ShouldProcess(name, "Delete from the registry"))
            {
                _ = Await(
                    async token =>
                    {
                        await Engine.Repositories.DeleteAsync(name, token).ConfigureAwait(false);
                        return true;
                    },
                    name,
                    out _);
            }
        }
    }
}
