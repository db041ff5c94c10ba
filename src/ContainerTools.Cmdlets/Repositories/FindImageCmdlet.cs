using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Find-Image: searches registries for images.</summary>
[Cmdlet(VerbsCommon.Find, "Image")]
[Alias("Find-ContainerImage", "fdimg")]
[OutputType(typeof(ImageSearchResult))]
public sealed class FindImageCmdlet : ContainerToolsCmdlet
{
    /// <summary>Words of the name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Registries to search; Docker Hub when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Registry { get; set; } = ["docker.io"];

    /// <summary>Most results from each registry.</summary>
    [Parameter]
    [Alias("Limit")]
    [ValidateRange(1, 100)]
    public int First { get; set; } = 25;

    /// <summary>Only official images.</summary>
    [Parameter]
    public SwitchParameter Official { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var registry in Registry)
        {
            foreach (var name in Name)
            {
                if (Await(token => Engine.Repositories.SearchAsync(registry, name, First, token), registry, out var found))
                {
                    WriteObject(found.Where(result => !Official || result.Official), enumerateCollection: true);
                }
            }
        }
    }
}
