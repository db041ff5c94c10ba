using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ImageHistory: the steps that made an image, newest first.</summary>
[Cmdlet(VerbsCommon.Get, "ImageHistory", DefaultParameterSetName = NameSet)]
[Alias("Get-ContainerImageHistory")]
[OutputType(typeof(ImageHistoryEntry))]
public sealed class GetImageHistoryCmdlet : ImageSelectionCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var image in Selected())
        {
            if (Attempt(() => Engine.Images.GetHistory(image.Id), image, out var history))
            {
                WriteObject(history, enumerateCollection: true);
            }
        }
    }
}
