using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Start-Container: starts containers that exist, or makes one from an image and starts it.</summary>
[Cmdlet(VerbsLifecycle.Start, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class StartContainerCmdlet : ContainerCreationCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";
    private const string InputObjectSet = "InputObject";

    /// <summary>Names of containers to start, wildcards are welcome; with an image, the name of the container to make.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0)]
    [Parameter(ParameterSetName = ImageSet)]
    [Alias("Container")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids of containers to start, or unique beginnings of ids.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Containers to start, as other cmdlets emit them.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container[] InputObject { get; set; } = [];

    /// <summary>Name or id of the image to make a container from.</summary>
    [Parameter(ParameterSetName = ImageSet, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string Image { get; set; } = "";

    /// <summary>Command words, in place of the image's.</summary>
    [Parameter(ParameterSetName = ImageSet, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[]? Command { get; set; }

    /// <summary>Emit the started containers; a container that was made is always emitted.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case ImageSet:
                MakeAndStart();
                break;
            case IdSet:
                StartEach(Id.SelectMany(id => ContainerLookup.ById(this, id)));
                break;
            case InputObjectSet:
                StartEach(InputObject.SelectMany(container => ContainerLookup.ById(this, container.Id)));
                break;
            default:
                StartEach(Name.SelectMany(ByName));
                break;
        }
    }

    private void StartEach(IEnumerable<Container> containers)
    {
        foreach (var container in containers)
        {
            if (ShouldProcess(container.Name, "Start")
                && Await(token => Engine.Containers.StartAsync(container.Id, token), container, out var started)
                && PassThru)
            {
                WriteObject(started);
            }
        }
    }

    private IReadOnlyList<Container> ByName(string name)
    {
        if (WildcardPattern.ContainsWildcardCharacters(name))
        {
            return ContainerLookup.ByName(this, name);
        }

        return Attempt(() => Find(name), name, out var container) ? [container] : [];
    }

    private Container Find(string name)
    {
        try
        {
            return Engine.Containers.Get(name);
        }
        catch (ContainerToolsException e) when (e.Kind == ErrorKind.NotFound)
        {
            throw new ContainerToolsException(
                ErrorKind.NotFound,
                "ContainerNotFound",
                $"No container is named '{name}', and no image was asked for to make one from.",
                name,
                $"To start a container that exists, give its name: Start-Container NAME. To make one from an image and start it: Start-Container -Image {name}, or Start-Container {name} -Name NAME.",
                e);
        }
    }

    private void MakeAndStart()
    {
        if (Name.Length > 1)
        {
            ThrowTerminatingError(ErrorRecords.From(new ContainerToolsException(
                ErrorKind.InvalidArgument, "SeveralNamesForOneContainer", $"One container is made from '{Image}', but {Name.Length} names are given.", Image)));
        }

        var name = Name is [var only] ? only : null;
        if (ShouldProcess(name is null ? Image : $"{name} ({Image})", "Make and start a container") && HasImage(Image) && Await(token => MakeAndStart(name, token), Image, out var started))
        {
            WriteObject(started);
        }
    }

    private async Task<Container> MakeAndStart(string? name, CancellationToken token)
    {
        var made = Engine.Containers.Create(Spec(Image, name, Command));
        try
        {
            return await Engine.Containers.StartAsync(made.Id, token).ConfigureAwait(false);
        }
        catch
        {
            // Whoever asked for a running container has no use for one that could not start, and wants its name back for the next try.
            await RemoveQuietly(made).ConfigureAwait(false);
            throw;
        }
    }

    private async Task RemoveQuietly(Container made)
    {
        try
        {
            await Engine.Containers.RemoveAsync(made.Id, force: true, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ContainerToolsException)
        {
            // The start's own error says more.
        }
    }
}
