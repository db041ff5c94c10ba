using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Test-Container: whether a container exists, and is in a given state.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Container")]
[OutputType(typeof(bool))]
public sealed class TestContainerCmdlet : ContainerToolsCmdlet
{
    /// <summary>Names or ids; wildcards are welcome.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Container")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>States, any of which passes.</summary>
    [Parameter]
    public ContainerState[] State { get; set; } = [];

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

    private bool Exists(string name)
    {
        if (WildcardPattern.ContainsWildcardCharacters(name))
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            return Engine.Containers.List().Any(container => pattern.IsMatch(container.Name) && Passes(container));
        }

        try
        {
            return Passes(Engine.Containers.Get(name));
        }
        catch (ContainerToolsException e) when (e.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }

    private bool Passes(Container container) => State.Length == 0 || State.Contains(container.State);
}
