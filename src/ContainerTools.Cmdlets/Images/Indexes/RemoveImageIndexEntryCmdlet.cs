using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Remove-ImageIndexEntry: takes entries out of a multi-platform image.</summary>
[Cmdlet(VerbsCommon.Remove, "ImageIndexEntry", SupportsShouldProcess = true)]
[OutputType(typeof(ImageManifestInfo))]
public sealed class RemoveImageIndexEntryCmdlet : IndexEntryCmdlet
{
    /// <summary>Digests of the entries, or unique beginnings of them.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Digest { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Change($"Take out {string.Join(", ", Digest)}", new ImageIndexChange { Name = Name, Remove = Digest });
}
