using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Export-ContainerArtifact: writes the files of artifacts.</summary>
[Cmdlet(VerbsData.Export, "ContainerArtifact", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportContainerArtifactCmdlet : ContainerToolsCmdlet
{
    /// <summary>Artifacts, as Get-ContainerArtifact and Get-ImageAttestation emit them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerArtifact[] InputObject { get; set; } = [];

    /// <summary>Directory to write to; it is made if it is not there.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Destination")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Replace files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var directory = ResolvePath(Path);
        foreach (var file in InputObject.SelectMany(artifact => artifact.Files))
        {
            // The name was written by a stranger: only its last part is taken, so that nothing is written elsewhere.
            var name = System.IO.Path.GetFileName(file.Name.Replace(':', '-'));
            var target = System.IO.Path.Combine(directory, name is "" or "." or ".." ? file.Digest.Replace(':', '-') : name);
            if (ShouldProcess(target, "Write") && Attempt(() => Write(file, directory, target), file, out var written))
            {
                WriteObject(written);
            }
        }
    }

    private FileInfo Write(ArtifactFile file, string directory, string target)
    {
        if (!Force && File.Exists(target))
        {
            throw new ContainerToolsException(ErrorKind.AlreadyExists, "PathExists", $"'{target}' exists already.", target, "Use -Force to replace it, or choose another directory.");
        }

        Directory.CreateDirectory(directory);
        var partial = $"{target}.partial-{Guid.NewGuid():n}";
        try
        {
            using (var output = new FileStream(partial, FileMode.CreateNew))
            {
                Engine.Images.ReadBlob(file.Digest, output, StopToken);
            }

            File.Move(partial, target, Force);
            return new FileInfo(target);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
