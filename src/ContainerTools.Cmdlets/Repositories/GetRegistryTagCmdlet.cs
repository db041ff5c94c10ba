using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-RegistryTag: tags of repositories in registries.</summary>
[Cmdlet(VerbsCommon.Get, "RegistryTag")]
[OutputType(typeof(RegistryTag))]
public sealed class GetRegistryTagCmdlet : ContainerToolsCmdlet
{
    /// <summary>Repositories: [registry/]repository.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    public string[] Repository { get; set; } = [];

    /// <summary>Only tags that match one of these patterns.</summary>
    [Parameter(Position = 1)]
    [Alias("Tag")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Filter { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var patterns = Filter.Select(filter => WildcardPattern.Get(filter, WildcardOptions.None)).ToList();
        foreach (var repository in Repository)
        {
            if (Await(token => Engine.Repositories.ListTagsAsync(repository, token), repository, out var tags))
            {
                WriteObject(tags.Where(tag => patterns.Any(pattern => pattern.IsMatch(tag.Tag))), enumerateCollection: true);
            }
        }
    }
}
