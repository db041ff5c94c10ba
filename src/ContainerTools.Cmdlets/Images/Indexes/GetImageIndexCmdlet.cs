using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ImageIndex: multi-platform images of the store.</summary>
[Cmdlet(VerbsCommon.Get, "ImageIndex")]
[OutputType(typeof(ImageManifestInfo))]
public sealed class GetImageIndexCmdlet : ContainerToolsCmdlet
{
    /// <summary>Names; wildcards are welcome. Without names: all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var pattern = WildcardPattern.Get(name, WildcardOptions.None);
                if (Attempt(() => Engine.Images.ListIndexes(), name, out var all))
                {
                    WriteObject(all.Where(index => pattern.IsMatch(index.Name)), enumerateCollection: true);
                }
            }
            else if (Attempt(() => Find(name), name, out var one))
            {
                WriteObject(one);
            }
        }
    }

    private ImageManifestInfo Find(string name) => Engine.Images.GetManifest(name) is { IsIndex: true } index
        ? index
        : throw new ContainerToolsException(ErrorKind.NotFound, "IndexNotFound", $"'{name}' is an image for one platform, not an index.", name, "Get-Image shows images; New-ImageIndex makes an index of them.");
}
