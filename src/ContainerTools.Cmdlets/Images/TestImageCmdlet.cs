using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Test-Image: whether an image exists.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Image")]
[Alias("Test-ContainerImage")]
[OutputType(typeof(bool))]
public sealed class TestImageCmdlet : ContainerToolsCmdlet
{
    /// <summary>Names or ids; wildcards are welcome.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Image", "Tag")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (Attempt(() => Exists(name), name, out var exists))
            {
                WriteObject(exists);
            }
        }
    }

    private bool Exists(string name) => WildcardPattern.ContainsWildcardCharacters(name)
        ? Engine.Images.List().Any(image => ImageLookup.Matches(image, name))
        : Engine.Images.Exists(name);
}
