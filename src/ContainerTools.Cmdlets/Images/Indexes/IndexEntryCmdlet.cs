using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Base of the cmdlets that change a multi-platform image.</summary>
public abstract class IndexEntryCmdlet : ContainerToolsCmdlet
{
    /// <summary>Name of the index.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Index")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Emit the index as it is afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected void Change(string what, ImageIndexChange change)
    {
        if (ShouldProcess(Name, what) && Attempt(() => Engine.Images.ChangeIndex(change), Name, out var changed) && PassThru)
        {
            WriteObject(changed);
        }
    }
}
