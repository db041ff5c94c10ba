using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Set-ImageIndexEntry: changes what a multi-platform image says of an entry.</summary>
[Cmdlet(VerbsCommon.Set, "ImageIndexEntry", SupportsShouldProcess = true)]
[OutputType(typeof(ImageManifestInfo))]
public sealed class SetImageIndexEntryCmdlet : IndexEntryCmdlet
{
    /// <summary>Digest of the entry, or a unique beginning of it.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Digest { get; set; } = "";

    /// <summary>Platform that the entry is for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>Version of the operating system that the entry is for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OsVersion { get; set; }

    /// <summary>Features of the operating system that the entry needs; an empty list takes them away.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[]? OsFeature { get; set; }

    /// <summary>Annotations of the entry; an empty value takes one away.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Annotation { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        RequireOne(nameof(Platform), nameof(OsVersion), nameof(OsFeature), nameof(Annotation));
        Change($"Change the entry {Digest}", new ImageIndexChange
        {
            Name = Name,
            Entry = Digest,
            Platform = Platform,
            OperatingSystemVersion = OsVersion,
            OperatingSystemFeatures = OsFeature,
            EntryAnnotations = Values.Map(Annotation),
        });
    }
}
