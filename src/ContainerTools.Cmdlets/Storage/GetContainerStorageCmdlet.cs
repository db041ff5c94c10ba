using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ContainerStorage: what the store's space goes to.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerStorage")]
[OutputType(typeof(StorageUsage), typeof(StorageItem))]
public sealed class GetContainerStorageCmdlet : ContainerToolsCmdlet
{
    /// <summary>Emit every single thing that takes space.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Detailed)
        {
            if (Attempt(Engine.Storage.GetItems, null, out var items))
            {
                WriteObject(items, enumerateCollection: true);
            }
        }
        else if (Attempt(Engine.Storage.GetUsage, null, out var rows))
        {
            WriteObject(rows, enumerateCollection: true);
        }
    }
}
