using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ImageAttestation: what came with images about their making and contents.</summary>
[Cmdlet(VerbsCommon.Get, "ImageAttestation", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerArtifact), typeof(string))]
public sealed class GetImageAttestationCmdlet : ImageSelectionCmdlet
{
    private const string PredicateAnnotation = "in-toto.io/predicate-type";

    /// <summary>Only attestations of this kind: sbom, provenance, or part of a predicate type.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Type { get; set; }

    /// <summary>Emit the statements themselves, as JSON.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var image in Selected())
        {
            if (Attempt(() => Engine.Images.ListArtifacts(image.Id), image, out var artifacts))
            {
                foreach (var artifact in artifacts)
                {
                    Write(artifact);
                }
            }
        }
    }

    private void Write(ContainerArtifact artifact)
    {
        var files = artifact.Files.Where(file => Type is null || file.Annotations.GetValueOrDefault(PredicateAnnotation, file.MediaType).Contains(Words(Type), StringComparison.OrdinalIgnoreCase)).ToList();
        if (files.Count == 0)
        {
            return;
        }

        if (!Raw)
        {
            WriteObject(artifact with { Files = files, Size = files.Sum(file => file.Size) });
            return;
        }

        foreach (var file in files)
        {
            if (Attempt(() => Read(file), file, out var text))
            {
                WriteObject(text);
            }
        }
    }

    private string Read(ArtifactFile file)
    {
        using var content = new MemoryStream();
        Engine.Images.ReadBlob(file.Digest, content, StopToken);
        return System.Text.Encoding.UTF8.GetString(content.ToArray());
    }

    /// <summary>BuildKit's lists of contents have SPDX as predicate type.</summary>
    private static string Words(string type) => type.Equals("sbom", StringComparison.OrdinalIgnoreCase) ? "spdx" : type;
}
