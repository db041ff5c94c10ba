using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Remove-Container: removes containers with their writable layer and log.</summary>
[Cmdlet(VerbsCommon.Remove, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RemoveContainerCmdlet : ContainerSelectionCmdlet
{
    /// <summary>Kill a container that runs.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit the containers as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessContainer(Container container)
    {
        if (ShouldProcess(container.Name, "Remove") && Await(token => Remove(container, token), container, out _) && PassThru)
        {
            WriteObject(container);
        }
    }

    private async Task<bool> Remove(Container container, CancellationToken token)
    {
        await Engine.Containers.RemoveAsync(container.Id, Force, token).ConfigureAwait(false);
        return true;
    }
}
