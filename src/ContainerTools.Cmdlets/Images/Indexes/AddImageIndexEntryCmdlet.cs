using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Add-ImageIndexEntry: puts images into a multi-platform image.</summary>
[Cmdlet(VerbsCommon.Add, "ImageIndexEntry", SupportsShouldProcess = true)]
[OutputType(typeof(ImageManifestInfo))]
public sealed class AddImageIndexEntryCmdlet : IndexEntryCmdlet
{
    /// <summary>Images to put in, by name, digest or id; an index puts in all its entries.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Image { get; set; } = [];

    /// <summary>Platform of the entry, in place of what the image says.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Change($"Put in {string.Join(", ", Image)}", new ImageIndexChange { Name = Name, Add = Image, Platform = Platform });
}
