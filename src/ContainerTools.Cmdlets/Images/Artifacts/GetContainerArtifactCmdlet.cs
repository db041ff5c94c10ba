using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ContainerArtifact: what the store has from registries that is no image.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerArtifact")]
[OutputType(typeof(ContainerArtifact))]
public sealed class GetContainerArtifactCmdlet : ContainerToolsCmdlet
{
    /// <summary>Names or digests; wildcards are welcome. Without names: all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only what is of this type.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string ArtifactType { get; set; } = "*";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!Attempt(() => Engine.Images.ListArtifacts(), null, out var all))
        {
            return;
        }

        var type = WildcardPattern.Get(ArtifactType, WildcardOptions.IgnoreCase);
        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.None);
            var found = all.Where(artifact => artifact.Tags.Append(artifact.Digest).Any(tag => pattern.IsMatch(tag) || tag == name + ":latest")).ToList();
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(ErrorRecords.From(new ContainerToolsException(ErrorKind.NotFound, "ArtifactNotFound", $"There is no artifact '{name}'.", name, "Pull it with Receive-Image.")));
            }

            WriteObject(found.Where(artifact => type.IsMatch(artifact.ArtifactType)), enumerateCollection: true);
        }
    }
}
