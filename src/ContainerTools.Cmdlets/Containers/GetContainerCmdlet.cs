using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-Container: containers of the store.</summary>
[Cmdlet(VerbsCommon.Get, "Container", DefaultParameterSetName = NameSet)]
[OutputType(typeof(Container), typeof(string))]
public sealed class GetContainerCmdlet : ContainerToolsCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";

    /// <summary>Names; wildcards are welcome. Without names: all.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Container")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Ids, or unique beginnings of ids.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>States, any of which passes.</summary>
    [Parameter]
    public ContainerState[] State { get; set; } = [];

    /// <summary>The same as <c>-State Running</c>.</summary>
    [Parameter]
    public SwitchParameter Running { get; set; }

    /// <summary>Labels that must be there, with their values or without.</summary>
    [Parameter]
    [MapTransformation(AllowBareName = true)]
    public IDictionary? Label { get; set; }

    /// <summary>Only containers of this image, by name or id.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? Image { get; set; }

    /// <summary>Emit the JSON that <c>docker inspect</c> prints.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var container in ParameterSetName == IdSet ? Id.SelectMany(id => ContainerLookup.ById(this, id)).Where(Passes) : Named())
        {
            if (!Raw)
            {
                WriteObject(container);
            }
            else if (Attempt(() => Engine.Containers.GetRaw(container.Id), container, out var json))
            {
                WriteObject(json);
            }
        }
    }

    private IEnumerable<Container> Named()
    {
        if (Name is { } names && names.Any(name => !WildcardPattern.ContainsWildcardCharacters(name)))
        {
            return names.SelectMany(name => ContainerLookup.ByName(this, name)).Where(Passes);
        }

        var patterns = (Name ?? ["*"]).Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToList();
        return Attempt(() => Engine.Containers.List(Filter()), null, out var all) ? all.Where(container => patterns.Exists(pattern => pattern.IsMatch(container.Name))) : [];
    }

    private ContainerFilter Filter() => new() { States = States(), Labels = Values.Filter(Label), Image = Image };

    private ContainerState[] States() => Running ? [.. State, ContainerState.Running] : State;

    // A container asked for by name is looked up alone, so the filter is applied here.
    private bool Passes(Container container)
    {
        var states = States();
        return (states.Length == 0 || states.Contains(container.State))
            && (Image is null || container.Image == Image || Ids.HasPrefix(container.ImageId, Image) || container.Image == $"{Image}:latest")
            && Values.Filter(Label).All(wanted => container.Labels.TryGetValue(wanted.Key, out var value) && (wanted.Value is null || wanted.Value == value));
    }
}
